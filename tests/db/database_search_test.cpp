#include "db/database_test.h"

namespace symbolon::db {
namespace {

class DatabaseSearch : public DatabaseTest {};

/// Looks at as many rows as are asked for.
std::int64_t count_to(Transaction& tx, std::int64_t rows) {
  return tx
      .query_one("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT COUNT(*) FROM n",
                 {rows})
      ->integer(0);
}

TEST_P(DatabaseSearch, ASearchWithinItsBudgetIsARead) {
  StepBudget budget(1'000'000);
  EXPECT_EQ(run_task(database_->search(budget, [](Transaction& tx) { return count_to(tx, 10'000); })), 10'000);
  EXPECT_LT(budget.left(), 1'000'000);
  EXPECT_GT(budget.left(), 0);
  EXPECT_THROW(run_task(database_->search(budget, [](Transaction& tx) { add_item(tx, "no"); })), std::logic_error);
}

TEST_P(DatabaseSearch, ASearchEndsWithItsBudget) {
  StepBudget budget(10'000);
  EXPECT_THROW(run_task(database_->search(budget, [](Transaction& tx) { count_to(tx, 1'000'000'000); })),
               BudgetExceeded);
  EXPECT_LE(budget.left(), 0);
}

TEST_P(DatabaseSearch, TheUnitsOfASearchShareItsBudget) {
  StepBudget budget(1'000'000);
  const auto search = [&] {
    run_task(database_->search(budget, [](Transaction& tx) {
      count_to(tx, 10'000);
      count_to(tx, 10'000);
    }));
  };
  int done = 0;
  try {
    for (; done < 100; ++done) search();
  } catch (const BudgetExceeded&) {
  }
  EXPECT_GT(done, 0);
  EXPECT_LT(done, 50);
}

TEST_P(DatabaseSearch, WhatFollowsASearchHasNoBudget) {
  StepBudget budget(10'000);
  EXPECT_THROW(run_task(database_->search(budget, [](Transaction& tx) { count_to(tx, 1'000'000); })), BudgetExceeded);
  EXPECT_EQ(read([](Transaction& tx) { return count_to(tx, 100'000); }), 100'000);
  write([](Transaction& tx) { add_item(tx, "after", count_to(tx, 100'000)); });
  EXPECT_EQ(count("items"), 1);
}

TEST_P(DatabaseSearch, ASearchCannotKeepTheEndOfItsBudgetToItself) {
  StepBudget budget(10'000);
  const auto unit = [](Transaction& tx) {
    try {
      count_to(tx, 1'000'000);
    } catch (const BudgetExceeded&) {
    }
    return 1;
  };
  EXPECT_THROW(run_task(database_->search(budget, unit)), BudgetExceeded);
}

INSTANTIATE_TEST_SUITE_P(Drivers, DatabaseSearch, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::db
