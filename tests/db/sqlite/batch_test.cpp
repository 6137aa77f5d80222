#include "db/sqlite/batch.h"

#include <gtest/gtest.h>

#include <deque>

#include "db/sqlite/file_size_limit.h"
#include "db/sqlite/unit_transaction.h"
#include "support/temporary_folder.h"

namespace symbolon::db::sqlite {
namespace {

std::string message(const Job& job) {
  if (!job.error) return "";
  try {
    std::rethrow_exception(job.error);
  } catch (const std::exception& error) {
    return error.what();
  }
}

class SqliteBatch : public testing::Test {
 protected:
  SqliteBatch() { connection_->run("CREATE TABLE t (id TEXT PRIMARY KEY)"); }

  void add(std::function<void(Transaction&)> unit) {
    jobs_.push_back({.access = Access::write, .unit = std::move(unit)});
  }
  void add_insert(const std::string& id) {
    add([id](Transaction& tx) { tx.execute("INSERT INTO t (id) VALUES (?1)", {id}); });
  }

  void run(void (*runner)(Connection&, std::span<Job* const>, Counters&) = run_write_batch) {
    std::vector<Job*> batch;
    for (Job& job : jobs_) batch.push_back(&job);
    runner(*connection_, batch, counters_);
    EXPECT_FALSE(connection_->in_transaction());
  }

  std::string ids() {
    std::string found;
    UnitTransaction tx(*connection_, Access::read);
    for (const Row& row : tx.query("SELECT id FROM t ORDER BY id")) found += row.text(0) + " ";
    return found;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Connection> connection_ = Connection::open_file((folder_ / "test.db").string(), Access::write);
  std::deque<Job> jobs_;
  Counters counters_;
};

TEST_F(SqliteBatch, CommitsOnceForAll) {
  for (const char* id : {"a", "b", "c"}) add_insert(id);
  run();
  EXPECT_EQ(ids(), "a b c ");
  EXPECT_EQ(counters_.commits, 1);
  EXPECT_EQ(counters_.units_written, 3);
}

TEST_F(SqliteBatch, UndoesAUnitThatThrowsAlone) {
  add_insert("a");
  add([](Transaction& tx) {
    tx.execute("INSERT INTO t (id) VALUES ('b')");
    throw std::runtime_error("no");
  });
  add_insert("a");
  add_insert("c");
  run();
  EXPECT_EQ(ids(), "a c ");
  EXPECT_EQ(message(jobs_[0]), "");
  EXPECT_EQ(message(jobs_[1]), "no");
  EXPECT_NE(message(jobs_[2]), "");
  EXPECT_EQ(message(jobs_[3]), "");
  EXPECT_EQ(counters_.commits, 1);
  EXPECT_EQ(counters_.units_written, 2);
}

// A savepoint costs a copy of every page, so that units run without one until one throws.
TEST_F(SqliteBatch, RunsUnitsOnceAndAgainOnlyBesideOneThatThrows) {
  int runs = 0;
  const auto counting = [&](const char* id) {
    add([&runs, id](Transaction& tx) {
      ++runs;
      tx.execute("INSERT INTO t (id) VALUES (?1)", {id});
    });
  };
  counting("a");
  counting("b");
  run();
  EXPECT_EQ(runs, 2);

  jobs_.clear();
  counting("c");
  add([](Transaction&) { throw std::runtime_error("no"); });
  counting("d");
  run();
  EXPECT_EQ(runs, 2 + 1 + 2) << "what ran before the one that threw was undone with it";
  EXPECT_EQ(ids(), "a b c d ");
  EXPECT_EQ(message(jobs_[0]), "");
  EXPECT_EQ(message(jobs_[1]), "no");
}

TEST_F(SqliteBatch, CommitsNothingWhenEveryUnitThrows) {
  add([](Transaction& tx) {
    tx.execute("INSERT INTO t (id) VALUES ('a')");
    throw std::runtime_error("no");
  });
  run();
  EXPECT_EQ(ids(), "");
  EXPECT_EQ(message(jobs_[0]), "no");
  EXPECT_EQ(counters_.commits, 0);
  EXPECT_EQ(counters_.units_written, 0);
}

TEST_F(SqliteBatch, FailsAllWhenOneUnitTakesTheTransactionWithIt) {
  add_insert("a");
  add([](Transaction& tx) { tx.execute("INSERT OR ROLLBACK INTO t (id) VALUES ('b'), ('b')"); });
  add_insert("c");
  run();
  EXPECT_EQ(ids(), "");
  EXPECT_EQ(message(jobs_[0]), "another unit of the same commit met a failure that undid all");
  EXPECT_NE(message(jobs_[1]).find("UNIQUE constraint failed: t.id"), std::string::npos);
  EXPECT_EQ(message(jobs_[2]), message(jobs_[0]));
  EXPECT_EQ(counters_.commits, 0);
}

TEST_F(SqliteBatch, FailsAllWhenTheCommitCannotReachTheDiskAndGoesOnAfterwards) {
  for (int i = 0; i < 100; ++i) add_insert("filler " + std::to_string(i));
  run();
  const std::string before = ids();
  jobs_.clear();

  add_insert("a");
  add([](Transaction&) { throw std::runtime_error("no"); });
  add_insert("b");
  {
    const FileSizeLimit limit(std::filesystem::file_size(folder_ / "test.db-wal"));
    run();
  }
  EXPECT_EQ(message(jobs_[0]), "the disk failed to read or write [COMMIT]");
  EXPECT_EQ(message(jobs_[1]), "no");
  EXPECT_EQ(message(jobs_[2]), message(jobs_[0]));
  EXPECT_EQ(ids(), before);
  EXPECT_EQ(counters_.commits, 1);

  jobs_.clear();
  add_insert("a");
  run();
  EXPECT_EQ(message(jobs_[0]), "");
  EXPECT_EQ(ids(), "a " + before);
}

TEST_F(SqliteBatch, FailsAllWhenTheWriteLockIsNotToBeHad) {
  // In memory there is no other process; a transaction left open stands in for one.
  connection_ = Connection::open_memory();
  connection_->run("CREATE TABLE t (id TEXT PRIMARY KEY)");
  connection_->run("BEGIN IMMEDIATE");
  add_insert("a");
  add_insert("b");
  run();
  EXPECT_NE(message(jobs_[0]), "");
  EXPECT_EQ(message(jobs_[0]), message(jobs_[1]));
  EXPECT_EQ(ids(), "");
}

TEST_F(SqliteBatch, ReadsFailOneByOne) {
  connection_->run("INSERT INTO t (id) VALUES ('a')");
  std::size_t seen = 0;
  jobs_.push_back({.access = Access::read, .unit = [](Transaction& tx) { tx.query("SELECT missing FROM t"); }});
  jobs_.push_back({.access = Access::read, .unit = [](Transaction&) { throw std::runtime_error("no"); }});
  jobs_.push_back(
      {.access = Access::read, .unit = [&](Transaction& tx) { seen = tx.query("SELECT id FROM t").size(); }});
  run(run_read_batch);
  EXPECT_NE(message(jobs_[0]).find("no such column: missing"), std::string::npos);
  EXPECT_EQ(message(jobs_[1]), "no");
  EXPECT_EQ(message(jobs_[2]), "");
  EXPECT_EQ(seen, 1u);
  EXPECT_EQ(counters_.units_read, 3);
}

}  // namespace
}  // namespace symbolon::db::sqlite
