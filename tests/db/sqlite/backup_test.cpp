#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "db/test_schema.h"
#include "support/run_task.h"
#include "support/temporary_folder.h"

namespace symbolon::db {
namespace {

namespace fs = std::filesystem;

class SqliteBackup : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::string refusal(const std::string& target) {
    try {
      run_task(database_->backup(target));
    } catch (const DatabaseError& error) {
      return error.what();
    }
    return "written";
  }

  std::size_t items_in(const std::string& target) {
    const auto copy = open_test_database("sqlite:" + target);
    return run_task(copy->read([](Transaction& tx) { return tx.query("SELECT id FROM items").size(); }));
  }

  void add_item(const std::string& id) {
    run_task(database_->write([&](Transaction& tx) { tx.execute("INSERT INTO items (id) VALUES (?1)", {id}); }));
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = open_test_database("sqlite:" + path("test.db"));
};

TEST_F(SqliteBackup, IsOneFileForItsOwnerOnly) {
  add_item("a");
  EXPECT_EQ(refusal(path("copy.db")), "written");
  EXPECT_EQ(fs::status(folder_ / "copy.db").permissions() & fs::perms::all,
            fs::perms::owner_read | fs::perms::owner_write);
  std::size_t copies = 0;
  for (const auto& entry : fs::directory_iterator(folder_.path())) {
    copies += entry.path().filename().string().starts_with("copy.db");
  }
  EXPECT_EQ(copies, 1u);
  EXPECT_EQ(items_in(path("copy.db")), 1u);
}

TEST_F(SqliteBackup, ReplacesTheOneBefore) {
  refusal(path("copy.db"));
  add_item("a");
  std::ofstream(path("copy.db.partial")) << "left behind by a crash";
  EXPECT_EQ(refusal(path("copy.db")), "written");
  EXPECT_EQ(items_in(path("copy.db")), 1u);
  EXPECT_FALSE(fs::exists(path("copy.db.partial")));
}

TEST_F(SqliteBackup, RefusesTheDatabaseItself) {
  fs::create_hard_link(path("test.db"), path("alias.db"));
  for (const char* name : {"test.db", "alias.db"}) {
    EXPECT_EQ(refusal(path(name)), "cannot back up to " + path(name) + ": that is the database itself");
  }
}

TEST_F(SqliteBackup, RefusesADatabaseInUse) {
  const auto other = open_test_database("sqlite:" + path("other.db"));
  EXPECT_EQ(refusal(path("other.db")), "cannot back up to " + path("other.db") + ": " + path("other.db-wal") +
                                           " exists; is that database in use?");
}

TEST_F(SqliteBackup, SaysWhyItCannotBeWritten) {
  EXPECT_EQ(refusal(path("missing/copy.db")), "cannot back up to " + path("missing/copy.db") + ": cannot create " +
                                                  path("missing/copy.db.partial") + ": No such file or directory");
  EXPECT_EQ(refusal(folder_.path().string()), "cannot back up to " + folder_.path().string() + ": not a file name");
  EXPECT_EQ(refusal(""), "cannot back up to : not a file name");
}

}  // namespace
}  // namespace symbolon::db
