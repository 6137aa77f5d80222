#include "db/migration.h"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <thread>

#include "support/run_task.h"
#include "support/temporary_folder.h"

namespace symbolon::db {
namespace {

constexpr Migration kOne{1, "one", "CREATE TABLE one (id TEXT PRIMARY KEY)"};
constexpr Migration kTwo{2, "two", "CREATE TABLE two (id TEXT PRIMARY KEY); INSERT INTO one VALUES ('from two')"};
constexpr Migration kThree{3, "three", "ALTER TABLE two ADD COLUMN extra TEXT"};

class HeldClock final : public Clock {
 public:
  Instant now() const override { return from_epoch_millis(1'700'000'000'123); }
};

using Steps = std::vector<Migration>;

std::vector<std::int64_t> versions(std::span<const Migration> steps) {
  std::vector<std::int64_t> found;
  for (const Migration& step : steps) found.push_back(step.version);
  return found;
}

struct Plan {
  const char* name;
  Steps known;
  std::vector<AppliedMigration> applied;
  std::vector<std::int64_t> want;
};

TEST(PendingMigrations, AreTheKnownStepsBehindTheAppliedOnes) {
  const Plan plans[] = {
      {"empty database", {kOne, kTwo}, {}, {1, 2}},
      {"one step behind", {kOne, kTwo}, {{1, "one"}}, {2}},
      {"up to date", {kOne, kTwo}, {{1, "one"}, {2, "two"}}, {}},
      {"database of a newer program", {kOne, kTwo}, {{1, "one"}, {2, "two"}, {3, "three"}}, {}},
      {"nothing known", {}, {{1, "one"}}, {}},
      {"numbers left out", {kOne, kThree}, {{1, "one"}}, {3}},
  };
  for (const Plan& plan : plans) {
    SCOPED_TRACE(plan.name);
    EXPECT_EQ(versions(pending_migrations(plan.known, plan.applied)), plan.want);
  }
}

TEST(PendingMigrations, RefuseAnotherHistory) {
  const Plan plans[] = {
      {"another name", {kOne, kTwo}, {{1, "other"}}, {}},
      {"a step passed over", {kOne, kTwo, kThree}, {{1, "one"}, {3, "three"}}, {}},
      {"a step passed over by a newer program", {kOne, kTwo}, {{1, "one"}, {3, "three"}}, {}},
      {"a step this program lacks, before one it has", {kOne, kThree}, {{1, "one"}, {2, "two"}}, {}},
      {"a step this program lacks, between two taken", {kOne, kThree}, {{1, "one"}, {2, "two"}, {3, "three"}}, {}},
  };
  for (const Plan& plan : plans) {
    SCOPED_TRACE(plan.name);
    EXPECT_THROW(pending_migrations(plan.known, plan.applied), DatabaseError);
  }
}

TEST(PendingMigrations, RefuseAListOutOfOrder) {
  EXPECT_THROW(pending_migrations(Steps{kTwo, kOne}, {}), std::logic_error);
  EXPECT_THROW(pending_migrations(Steps{kOne, kOne}, {}), std::logic_error);
  EXPECT_THROW(pending_migrations(Steps{{0, "zero", ""}}, {}), std::logic_error);
}

class Migrating : public testing::Test {
 protected:
  std::unique_ptr<Database> open(const Steps& steps) { return open_database(location_, steps, HeldClock()); }

  std::vector<std::string> tables(Database& database) {
    return run_task(database.read([](Transaction& tx) {
      std::vector<std::string> names;
      for (const Row& row : tx.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
        names.push_back(row.text(0));
      }
      return names;
    }));
  }

  std::string refusal(const Steps& steps) {
    try {
      open(steps);
    } catch (const DatabaseError& error) {
      return error.what();
    }
    return "opened";
  }

  TemporaryFolder folder_;
  std::string location_ = "sqlite:" + (folder_ / "m.db").string();
};

TEST_F(Migrating, AppliesEachStepOnceAndRecordsIt) {
  open({kOne});
  open({kOne, kTwo});
  const auto database = open({kOne, kTwo});

  EXPECT_EQ(tables(*database), (std::vector<std::string>{"one", "schema_migrations", "two"}));
  run_task(database->read([](Transaction& tx) {
    const auto rows = tx.query("SELECT version, name, applied_at FROM schema_migrations ORDER BY version");
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[1].integer(0), 2);
    EXPECT_EQ(rows[1].text(1), "two");
    EXPECT_EQ(rows[1].instant(2), HeldClock().now());
    EXPECT_EQ(tx.query("SELECT id FROM one").size(), 1u);
  }));
}

TEST_F(Migrating, ThePreviousVersionRunsOnTheNewSchema) {
  open({kOne, kTwo, kThree});
  const auto previous = open({kOne, kTwo});
  run_task(previous->write([](Transaction& tx) { tx.execute("INSERT INTO two (id) VALUES (?1)", {"old"}); }));
  EXPECT_EQ(tables(*previous), (std::vector<std::string>{"one", "schema_migrations", "two"}));
}

TEST_F(Migrating, RefusesADatabaseWithAnotherHistory) {
  open({kOne});
  EXPECT_EQ(refusal({{1, "other", "CREATE TABLE other (id TEXT)"}}),
            "cannot prepare database " + (folder_ / "m.db").string() +
                ": schema step 1 (one) of the database is step 1 (other) in this program; they do not belong together");
}

TEST_F(Migrating, AFailedStepLeavesTheOnesBeforeItAndNothingOfItself) {
  const Migration broken{2, "broken", "CREATE TABLE half (id TEXT); INSERT INTO absent VALUES (1)"};
  EXPECT_EQ(refusal({kOne, broken}),
            "cannot prepare database " + (folder_ / "m.db").string() + ": no such table: absent [migration 2 broken]");
  EXPECT_EQ(tables(*open({kOne})), (std::vector<std::string>{"one", "schema_migrations"}));
  EXPECT_EQ(tables(*open({kOne, kTwo})).size(), 3u);
}

TEST_F(Migrating, AStepMustNotEndItsTransaction) {
  for (const char* sql : {"CREATE TABLE x (id TEXT); COMMIT", "ROLLBACK", "SAVEPOINT s", "PRAGMA foreign_keys = OFF"}) {
    SCOPED_TRACE(sql);
    EXPECT_NE(refusal({{1, "wrong", sql}}).find("belong to the driver [migration 1 wrong]"), std::string::npos);
  }
  EXPECT_TRUE(tables(*open({})).empty());
}

TEST_F(Migrating, AStepMustNotLeaveAForeignKeyBroken) {
  const Migration broken{1, "orphan",
                         "CREATE TABLE parents (id TEXT PRIMARY KEY);"
                         "CREATE TABLE children (parent TEXT REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);"
                         "INSERT INTO children VALUES ('nobody')"};
  EXPECT_NE(refusal({broken}).find("FOREIGN KEY constraint failed [migration 1 orphan]"), std::string::npos);
}

TEST_F(Migrating, ProgramsThatStartTogetherTakeTurns) {
  std::array<std::string, 8> errors;
  {
    std::array<std::jthread, 8> programs;
    for (std::size_t i = 0; i < programs.size(); ++i) {
      programs[i] = std::jthread([&, i] { errors[i] = refusal({kOne, kTwo, kThree}); });
    }
  }
  for (const std::string& error : errors) EXPECT_EQ(error, "opened");
  EXPECT_EQ(tables(*open({kOne, kTwo, kThree})).size(), 3u);
}

TEST(BuiltInMigrations, BringUpAnEmptyDatabase) {
  const auto steps = built_in_migrations();
  ASSERT_FALSE(steps.empty());
  EXPECT_EQ(steps.front().version, 1);
  EXPECT_EQ(steps.front().name, "initial");

  const auto database = open_database("sqlite::memory:");
  const auto recorded = run_task(
      database->read([](Transaction& tx) { return tx.query("SELECT version FROM schema_migrations").size(); }));
  EXPECT_EQ(recorded, steps.size());
}

}  // namespace
}  // namespace symbolon::db
