// What the operator reads when a database cannot be opened.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "db/test_schema.h"
#include "support/run_task.h"
#include "support/temporary_folder.h"

namespace symbolon::db {
namespace {

namespace fs = std::filesystem;

std::string refusal(const std::string& location) {
  try {
    open_test_database(location);
  } catch (const DatabaseError& error) {
    return error.what();
  }
  return "opened";
}

class Opening : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  TemporaryFolder folder_;
};

TEST_F(Opening, TakesSqliteLocationsOnly) {
  for (const char* location : {"", "sqlite", "sqlite:", "mysql://root:hunter2@db/x", "postgresql://u:hunter2@db/x"}) {
    EXPECT_EQ(refusal(location), "the database location must be sqlite:PATH or sqlite::memory:") << location;
  }
}

TEST_F(Opening, NamesTheFolderThatIsMissing) {
  const std::string missing = path("missing/test.db");
  EXPECT_EQ(refusal("sqlite:" + missing),
            "cannot open database " + missing + ": cannot create " + missing + ": No such file or directory");
}

TEST_F(Opening, RefusesAFolder) {
  EXPECT_NE(refusal("sqlite:" + folder_.path().string()).find("cannot be opened"), std::string::npos);
}

TEST_F(Opening, RefusesAFileThatIsNoDatabaseAndLeavesItAlone) {
  const std::string text =
      "Dear diary, this is more than a database header of one hundred bytes would need, and it is "
      "certainly not one.";
  std::ofstream(path("diary")) << text;
  EXPECT_EQ(refusal("sqlite:" + path("diary")),
            "cannot open database " + path("diary") + ": the file is not a SQLite database");
  std::string kept;
  std::getline(std::ifstream(path("diary")), kept);
  EXPECT_EQ(kept, text);
}

TEST_F(Opening, RefusesADamagedDatabase) {
  refusal("sqlite:" + path("test.db"));
  std::fstream file(path("test.db"), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(100);
  file << std::string(3996, '\xee');
  file.close();
  EXPECT_NE(refusal("sqlite:" + path("test.db")).find("the database file is damaged"), std::string::npos);
}

/// Root may write everywhere, so the test is somebody else for a while.
class AsNobody {
 public:
  AsNobody() {
    if (::geteuid() == 0) was_root_ = ::seteuid(65534) == 0;
  }
  ~AsNobody() {
    if (was_root_ && ::seteuid(0) != 0) std::abort();
  }

 private:
  bool was_root_ = false;
};

TEST_F(Opening, SaysThatTheFolderIsNotWritable) {
  ::chmod(folder_.path().c_str(), 0555);
  {
    const AsNobody nobody;
    EXPECT_EQ(refusal("sqlite:" + path("test.db")),
              "cannot open database " + path("test.db") + ": cannot create " + path("test.db") + ": Permission denied");
  }
  ::chmod(folder_.path().c_str(), 0755);
}

TEST_F(Opening, SaysThatTheFileIsNotWritable) {
  EXPECT_EQ(refusal("sqlite:" + path("test.db")), "opened");
  ::chmod(path("test.db").c_str(), 0444);
  ::chmod(folder_.path().c_str(), 0777);
  const AsNobody nobody;
  EXPECT_EQ(refusal("sqlite:" + path("test.db")),
            "cannot open database " + path("test.db") + ": the database file or its directory is not writable");
}

TEST_F(Opening, SaysThatTheLogBesideTheFileCannotBeMade) {
  EXPECT_EQ(refusal("sqlite:" + path("test.db")), "opened");
  ::chmod(path("test.db").c_str(), 0666);
  ::chmod(folder_.path().c_str(), 0555);
  {
    const AsNobody nobody;
    EXPECT_EQ(refusal("sqlite:" + path("test.db")),
              "cannot open database " + path("test.db") + ": the database file or its directory is not writable");
  }
  ::chmod(folder_.path().c_str(), 0755);
}

TEST_F(Opening, MakesFilesThatOnlyTheirOwnerReads) {
  const auto database = open_test_database("sqlite:" + path("test.db"));
  run_task(database->write([](Transaction& tx) { tx.execute("INSERT INTO items (id) VALUES ('secret')"); }));
  for (const char* name : {"test.db", "test.db-wal", "test.db-shm"}) {
    const auto permissions = fs::status(folder_ / name).permissions() & fs::perms::all;
    EXPECT_EQ(permissions, fs::perms::owner_read | fs::perms::owner_write) << name;
  }
}

TEST_F(Opening, TakesAPathLiterally) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_.path());
  EXPECT_EQ(refusal("sqlite:file:odd?mode=memory"), "opened");
  fs::current_path(before);
  EXPECT_TRUE(fs::exists(folder_ / "file:odd?mode=memory"));
}

TEST_F(Opening, GivesEveryDatabaseInMemoryItsOwnRows) {
  const auto one = open_test_database("sqlite::memory:");
  const auto other = open_test_database("sqlite::memory:");
  run_task(one->write([](Transaction& tx) { tx.execute("INSERT INTO items (id) VALUES ('mine')"); }));
  EXPECT_TRUE(run_task(other->read([](Transaction& tx) { return tx.query("SELECT id FROM items").empty(); })));
}

TEST_F(Opening, TwoProgramsShareAFile) {
  const auto server = open_test_database("sqlite:" + path("test.db"));
  const auto command = open_test_database("sqlite:" + path("test.db"));
  run_task(command->write([](Transaction& tx) { tx.execute("INSERT INTO items (id) VALUES ('theirs')"); }));
  run_task(server->write([](Transaction& tx) { tx.execute("INSERT INTO items (id) VALUES ('ours')"); }));
  EXPECT_EQ(run_task(command->read([](Transaction& tx) { return tx.query("SELECT id FROM items").size(); })), 2u);
  EXPECT_EQ(run_task(server->read([](Transaction& tx) { return tx.query("SELECT id FROM items").size(); })), 2u);
}

Task<void> count_up(Database& database) {
  for (int round = 0; round < 25; ++round) {
    co_await database.write([](Transaction& tx) {
      const auto amount = tx.query_one("SELECT amount FROM accounts WHERE id = 'shared'")->integer(0);
      tx.execute("UPDATE accounts SET amount = ?1 WHERE id = 'shared'", {amount + 1});
    });
  }
}

TEST_F(Opening, TwoProgramsThatReadAndThenWriteTakeTurns) {
  const auto server = open_test_database("sqlite:" + path("test.db"));
  const auto command = open_test_database("sqlite:" + path("test.db"));
  run_task(
      server->write([](Transaction& tx) { tx.execute("INSERT INTO accounts (id, amount) VALUES ('shared', 0)"); }));
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 2; ++i) {
    tasks.push_back(count_up(*server));
    tasks.push_back(count_up(*command));
  }
  run_together(std::move(tasks));
  const auto amount = run_task(server->read(
      [](Transaction& tx) { return tx.query_one("SELECT amount FROM accounts WHERE id = 'shared'")->integer(0); }));
  EXPECT_EQ(amount, 100);
}

}  // namespace
}  // namespace symbolon::db
