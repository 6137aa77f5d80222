#include "net/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>

#include "support/run_task.h"

namespace symbolon::net {
namespace {

Task<std::thread::id> where_it_runs(Workers& workers) {
  co_return co_await workers.run([] { return std::this_thread::get_id(); });
}

Task<void> resumes_on_its_own_thread(Workers& workers, bool& same) {
  const auto before = std::this_thread::get_id();
  co_await workers.run([] {});
  same = std::this_thread::get_id() == before;
}

Task<int> fails(Workers& workers) {
  co_return co_await workers.run([]() -> int { throw std::runtime_error("of the work"); });
}

Task<void> counts(Workers& workers, std::atomic<int>& count) {
  co_await workers.run([&count] { ++count; });
}

Task<std::unique_ptr<int>> moves(Workers& workers) {
  auto input = std::make_unique<int>(7);
  co_return co_await workers.run([input = std::move(input)]() mutable { return std::move(input); });
}

TEST(WorkerPool, WorksElsewhereAndComesBack) {
  WorkerPool pool(2);
  EXPECT_NE(run_task(where_it_runs(pool)), std::this_thread::get_id());
  bool same = false;
  run_task(resumes_on_its_own_thread(pool, same));
  EXPECT_TRUE(same);
}

TEST(WorkerPool, HandsTheExceptionToTheCaller) {
  WorkerPool pool(1);
  EXPECT_THROW(run_task(fails(pool)), std::runtime_error);
}

TEST(WorkerPool, TakesAndReturnsWhatOnlyMoves) {
  WorkerPool pool(1);
  EXPECT_EQ(*run_task(moves(pool)), 7);
}

TEST(WorkerPool, DoesEverythingThatWaits) {
  WorkerPool pool(2);
  std::atomic<int> count = 0;
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 500; ++i) tasks.push_back(counts(pool, count));
  run_together(std::move(tasks));
  EXPECT_EQ(count, 500);
}

TEST(WorkerPool, HasAtLeastOneThread) {
  WorkerPool pool(0);
  EXPECT_NE(run_task(where_it_runs(pool)), std::this_thread::get_id());
}

}  // namespace
}  // namespace symbolon::net
