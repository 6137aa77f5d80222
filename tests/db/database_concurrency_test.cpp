#include <atomic>
#include <thread>

#include "db/database_test.h"

// What coroutines see of each other's units.
namespace symbolon::db {
namespace {

class DatabaseConcurrency : public DatabaseTest {};

Task<void> write_then_read(Database& database, int writer) {
  const std::string id = std::to_string(writer);
  co_await database.write([&](Transaction& tx) { add_item(tx, id, 0); });
  for (int round = 1; round <= 20; ++round) {
    co_await database.write(
        [&](Transaction& tx) { tx.execute("UPDATE items SET number = ?2 WHERE id = ?1", {id, round}); });
    const auto seen = co_await database.read([&](Transaction& tx) { return find_item(tx, id)->integer(0); });
    EXPECT_EQ(seen, round);
  }
}

TEST_P(DatabaseConcurrency, AReadSeesEveryWriteThatReturnedBefore) {
  std::vector<Task<void>> tasks;
  for (int writer = 0; writer < 16; ++writer) tasks.push_back(write_then_read(*database_, writer));
  run_together(std::move(tasks));
}

Task<void> move_money(Database& database) {
  for (int round = 0; round < 50; ++round) {
    co_await database.write([](Transaction& tx) {
      tx.execute("UPDATE accounts SET amount = amount - 1 WHERE id = 'from'");
      tx.execute("UPDATE accounts SET amount = amount + 1 WHERE id = 'to'");
    });
  }
}

Task<void> check_sum(Database& database) {
  for (int round = 0; round < 50; ++round) {
    const auto sum = co_await database.read([](Transaction& tx) {
      const auto from = tx.query_one("SELECT amount FROM accounts WHERE id = 'from'")->integer(0);
      return from + tx.query_one("SELECT amount FROM accounts WHERE id = 'to'")->integer(0);
    });
    EXPECT_EQ(sum, 1000);
  }
}

TEST_P(DatabaseConcurrency, AReadSeesOneMoment) {
  write([](Transaction& tx) { tx.execute("INSERT INTO accounts (id, amount) VALUES ('from', 1000), ('to', 0)"); });
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 4; ++i) {
    tasks.push_back(move_money(*database_));
    tasks.push_back(check_sum(*database_));
  }
  run_together(std::move(tasks));
  const auto moved = read([](Transaction& tx) { return tx.query("SELECT amount FROM accounts ORDER BY id"); });
  EXPECT_EQ(moved[0].integer(0), 800);
  EXPECT_EQ(moved[1].integer(0), 200);
}

Task<void> take_code(Database& database, int number, std::atomic<int>& wins) {
  const bool won = co_await database.write([number](Transaction& tx) {
    const auto row =
        tx.query_one("UPDATE codes SET used_at = ?2, winner = ?2 WHERE hash = ?1 AND used_at IS NULL RETURNING winner",
                     {"the code", number});
    EXPECT_TRUE(!row || row->integer(0) == number);
    return row.has_value();
  });
  if (won) ++wins;
}

TEST_P(DatabaseConcurrency, ExactlyOneOfManyTakesACode) {
  write([](Transaction& tx) { tx.execute("INSERT INTO codes (hash) VALUES ('the code')"); });
  std::atomic<int> wins = 0;
  constexpr int kThreads = 4;
  constexpr int kUnits = 200;
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      std::vector<Task<void>> tasks;
      for (int i = thread; i < kUnits; i += kThreads) tasks.push_back(take_code(*database_, i, wins));
      run_together(std::move(tasks));
    });
  }
  threads.clear();
  EXPECT_EQ(wins, 1);
  EXPECT_EQ(database_->statistics().units_written, kUnits + 1);
}

Task<void> count_where_it_runs(Database& database, std::thread::id own, int& strayed) {
  for (int round = 0; round < 20; ++round) {
    co_await database.write([](Transaction& tx) { tx.query("SELECT 1"); });
    strayed += std::this_thread::get_id() != own;
    co_await database.read([](Transaction& tx) { tx.query("SELECT 1"); });
    strayed += std::this_thread::get_id() != own;
  }
}

TEST_P(DatabaseConcurrency, ACoroutineGoesOnWhereItWas) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([this] {
      int strayed = 0;
      std::vector<Task<void>> tasks;
      for (int task = 0; task < 8; ++task) {
        tasks.push_back(count_where_it_runs(*database_, std::this_thread::get_id(), strayed));
      }
      run_together(std::move(tasks));
      EXPECT_EQ(strayed, 0);
    });
  }
}

INSTANTIATE_TEST_SUITE_P(Drivers, DatabaseConcurrency, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::db
