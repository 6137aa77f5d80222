#include "db/sqlite/checkpointer.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "db/sqlite/file_size_limit.h"
#include "db/sqlite/unit_transaction.h"
#include "support/temporary_folder.h"

namespace symbolon::db::sqlite {
namespace {

class SqliteCheckpointer : public testing::Test {
 protected:
  SqliteCheckpointer() { writer_->run("CREATE TABLE t (bytes BYTEA)"); }

  void write_pages(int pages) {
    writer_->run("BEGIN IMMEDIATE");
    UnitTransaction(*writer_, Access::write)
        .execute("INSERT INTO t (bytes) VALUES (?1)", {Blob{std::string(static_cast<std::size_t>(pages) * 4096, 'x')}});
    writer_->run("COMMIT");
  }
  std::int64_t rows(Connection& connection) {
    return UnitTransaction(connection, Access::read).query_one("SELECT COUNT(*) FROM t")->integer(0);
  }
  /// Writes under `checkpointer` until SQLite starts the log from its beginning, and returns how many commits it took.
  int commit_until_the_log_begins_anew(Checkpointer& checkpointer) {
    for (int commits = 1;; ++commits) {
      const int before = writer_->log_pages();
      write_pages(1);
      if (writer_->log_pages() < before) return commits;
      checkpointer.after_commit(*writer_);
    }
  }

  TemporaryFolder folder_;
  std::string path_ = (folder_ / "test.db").string();
  std::unique_ptr<Connection> writer_ = Connection::open_file(path_, Access::write);
};

TEST_F(SqliteCheckpointer, ACommitAloneCopiesNothing) {
  const auto before = std::filesystem::file_size(path_);
  for (int i = 0; i < 3; ++i) write_pages(2000);
  EXPECT_GE(writer_->log_pages(), 6000);
  EXPECT_EQ(std::filesystem::file_size(path_), before);
}

TEST_F(SqliteCheckpointer, TheLogBeginsAnewAgainAndAgain) {
  Checkpointer checkpointer(Connection::open_file(path_, Access::write), 10);
  int commits = 0;
  for (int round = 0; round < 5; ++round) commits += commit_until_the_log_begins_anew(checkpointer);
  EXPECT_GT(commits, 5 * 2);
  EXPECT_EQ(rows(*writer_), commits);
}

TEST_F(SqliteCheckpointer, AReaderKeepsItsSnapshot) {
  write_pages(1);
  const auto reader = Connection::open_file(path_, Access::read);
  reader->run("BEGIN");
  EXPECT_EQ(rows(*reader), 1);
  for (int i = 0; i < 20; ++i) write_pages(1);
  writer_->checkpoint();
  write_pages(1);
  EXPECT_EQ(rows(*reader), 1);
  reader->run("COMMIT");
  EXPECT_EQ(rows(*reader), 22);
}

TEST_F(SqliteCheckpointer, AFullDiskIsNotTheWritersTroubleUntilTheLogIsFullToo) {
  Checkpointer checkpointer(Connection::open_file(path_, Access::write), 10);
  write_pages(100);
  write_pages(100);
  {
    const FileSizeLimit limit(std::filesystem::file_size(path_));
    EXPECT_THROW(writer_->checkpoint(), DatabaseError);
    EXPECT_NO_THROW(checkpointer.after_commit(*writer_));
  }
  commit_until_the_log_begins_anew(checkpointer);
}

}  // namespace
}  // namespace symbolon::db::sqlite
