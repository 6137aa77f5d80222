// A search has a thread and a connection of its own. One that waits for the test stands in for a long one.
#include <gtest/gtest.h>

#include "db/test_schema.h"
#include "support/run_task.h"
#include "support/temporary_folder.h"

namespace symbolon::db {
namespace {

namespace asio = boost::asio;

Task<void> search_until(Database& database, StepBudget& budget, std::promise<void>& begun,
                        std::shared_future<void> ended) {
  co_await database.search(budget, [&](Transaction&) {
    begun.set_value();
    ended.wait();
  });
}

Task<void> search_briefly(Database& database, StepBudget& budget) {
  co_await database.search(budget, [](Transaction& tx) { tx.query("SELECT id FROM items"); });
}

Task<void> read_once(Database& database, int& reads) {
  co_await database.read([&reads](Transaction& tx) {
    tx.query("SELECT id FROM items");
    ++reads;
  });
}

TEST(SqliteSearch, HoldsNoReadUpHoweverManyOfThemWait) {
  const TemporaryFolder folder;
  const auto database = open_test_database("sqlite:" + (folder / "test.db").string());
  StepBudget budget(1'000'000);
  std::promise<void> begun, end;
  asio::io_context searches;
  std::vector<std::future<void>> results;
  results.push_back(asio::co_spawn(searches, search_until(*database, budget, begun, end.get_future().share()),
                                   asio::use_future));
  searches.poll();
  begun.get_future().wait();
  StepBudget others(1'000'000);
  for (int i = 0; i < 20; ++i)
    results.push_back(asio::co_spawn(searches, search_briefly(*database, others), asio::use_future));
  searches.poll();

  int reads = 0;
  for (int i = 0; i < 20; ++i) run_task(read_once(*database, reads));
  EXPECT_EQ(reads, 20);
  run_task(database->write([](Transaction& tx) { tx.execute("INSERT INTO items (id) VALUES ('meanwhile')"); }));

  end.set_value();
  searches.run();
  for (auto& result : results) outcome(result);
}

TEST(SqliteSearch, FailsAloneWhenItCannotConnect) {
  const TemporaryFolder folder;
  const auto path = folder / "test.db";
  const auto database = open_test_database("sqlite:" + path.string());
  std::filesystem::rename(path, folder / "away.db");
  StepBudget budget(1'000'000);
  EXPECT_THROW(run_task(search_briefly(*database, budget)), DatabaseError);
  std::filesystem::rename(folder / "away.db", path);
  run_task(search_briefly(*database, budget));
}

}  // namespace
}  // namespace symbolon::db
