#include "db/sqlite/connection.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <future>

#include "db/sqlite/errors.h"
#include "db/sqlite/unit_transaction.h"
#include "support/temporary_folder.h"

namespace symbolon::db::sqlite {
namespace {

class SqliteConnection : public testing::Test {
 protected:
  static Value::Variant ask(Connection& connection, const std::string& sql) {
    const std::vector<Value> none;
    Statement::Run run(connection.statement_for_unit(sql), none);
    return run.step() ? run.columns().at(0) : Value::Variant();
  }
  static std::int64_t setting(Connection& connection, const std::string& name) {
    return std::get<std::int64_t>(ask(connection, "SELECT " + name + " FROM pragma_" + name));
  }

  TemporaryFolder folder_;
  std::string path_ = (folder_ / "test.db").string();
};

TEST_F(SqliteConnection, WritesDurablyAndChecksForeignKeys) {
  const auto writer = Connection::open_file(path_, Access::write);
  EXPECT_EQ(std::get<std::string>(ask(*writer, "SELECT journal_mode FROM pragma_journal_mode")), "wal");
  EXPECT_EQ(setting(*writer, "synchronous"), 2);  // FULL
  EXPECT_EQ(setting(*writer, "foreign_keys"), 1);
  EXPECT_EQ(setting(*writer, "query_only"), 0);
}

TEST_F(SqliteConnection, AReaderCannotWriteWhateverItIsAsked) {
  Connection::open_file(path_, Access::write)->run("CREATE TABLE t (id TEXT)");
  const auto reader = Connection::open_file(path_, Access::read);
  EXPECT_THROW(reader->run("INSERT INTO t (id) VALUES ('x')"), DatabaseError);
}

TEST_F(SqliteConnection, OpeningWaitsForAProgramThatIsMakingTheFile) {
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "CREATE TABLE t (id TEXT); BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  auto opening = std::async(std::launch::async, [&] { return Connection::open_file(path_, Access::write); });
  // An opener that does not wait has failed by then; one that has not come so far yet passes all the same.
  opening.wait_for(std::chrono::milliseconds(100));
  sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr);
  EXPECT_NO_THROW(opening.get());
  sqlite3_close(other);
}

TEST_F(SqliteConnection, AReaderMakesNoFile) {
  EXPECT_THROW(Connection::open_file(path_, Access::read), DatabaseError);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(SqliteConnection, AUnitNeverFindsADriverStatementReady) {
  const auto connection = Connection::open_memory();
  connection->run("BEGIN");
  connection->run("COMMIT");
  for (const char* sql : {"BEGIN", "COMMIT", "PRAGMA foreign_keys = OFF", "ATTACH 'x' AS x"}) {
    EXPECT_THROW(connection->statement_for_unit(sql), std::logic_error) << sql;
  }
}

TEST_F(SqliteConnection, TakesMoreStatementsThanItKeeps) {
  const auto connection = Connection::open_memory();
  for (std::int64_t number = 0; number < 2500; ++number) {
    ASSERT_EQ(std::get<std::int64_t>(ask(*connection, "SELECT " + std::to_string(number))), number);
  }
}

TEST_F(SqliteConnection, PreparedStatementsFollowAChangeOfSchema) {
  const auto connection = Connection::open_memory();
  connection->run("CREATE TABLE t (id TEXT)");
  EXPECT_TRUE(std::holds_alternative<std::monostate>(ask(*connection, "SELECT * FROM t")));
  connection->run("DROP TABLE t");
  connection->run("CREATE TABLE t (number BIGINT, id TEXT)");
  connection->run("INSERT INTO t (number) VALUES (7)");
  EXPECT_EQ(std::get<std::int64_t>(ask(*connection, "SELECT * FROM t")), 7);
}

TEST_F(SqliteConnection, AFloatingPointColumnIsALogicError) {
  const auto connection = Connection::open_memory();
  EXPECT_THROW(ask(*connection, "SELECT 0.5"), std::logic_error);
}

TEST_F(SqliteConnection, AnAnonymousParameterIsALogicError) {
  const auto connection = Connection::open_memory();
  for (const char* sql : {"SELECT ?", "SELECT :name", "SELECT ?1, @two"}) {
    EXPECT_THROW(connection->statement_for_unit(sql), std::logic_error) << sql;
  }
}

TEST_F(SqliteConnection, AFailureWhileRunningKeepsSqlitesWordsBack) {
  const auto connection = Connection::open_memory();
  UnitTransaction tx(*connection, Access::read);
  try {
    tx.query("SELECT json_extract('{}', ?1)", {"hunter2"});
    FAIL() << "a path without $ was accepted";
  } catch (const DatabaseError& error) {
    EXPECT_STREQ(error.what(), "SQL logic error [SELECT json_extract('{}', ?1)]");
  }
}

TEST_F(SqliteConnection, SaysThatTheDiskIsFull) {
  const auto connection = Connection::open_memory();
  connection->run("CREATE TABLE t (bytes BYTEA)");
  connection->run("PRAGMA max_page_count = 4");
  UnitTransaction tx(*connection, Access::write);
  try {
    tx.execute("INSERT INTO t (bytes) VALUES (?1)", {Blob{std::string(100'000, 'x')}});
    FAIL() << "100 kB fit into four pages";
  } catch (const DatabaseError& error) {
    EXPECT_STREQ(error.what(), "the disk is full [INSERT INTO t (bytes) VALUES (?1)]");
  }
}

TEST(SqliteErrors, HaveWordsForTheOperator) {
  EXPECT_EQ(describe(SQLITE_NOTADB), "the file is not a SQLite database");
  EXPECT_EQ(describe(SQLITE_CORRUPT_INDEX), "the database file is damaged");
  EXPECT_EQ(describe(SQLITE_FULL), "the disk is full");
  EXPECT_EQ(describe(SQLITE_READONLY_DIRECTORY), "the database file or its directory is not writable");
  EXPECT_EQ(describe(SQLITE_BUSY_RECOVERY), "another process kept the database locked for too long");
  EXPECT_EQ(describe(SQLITE_IOERR_FSYNC), "the disk failed to read or write");
  EXPECT_EQ(describe(SQLITE_MISMATCH), sqlite3_errstr(SQLITE_MISMATCH));
}

}  // namespace
}  // namespace symbolon::db::sqlite
