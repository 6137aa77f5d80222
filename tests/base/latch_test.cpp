#include "base/latch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/detached.hpp>
#include <thread>

#include "support/run_task.h"

namespace symbolon {
namespace {

Task<void> wait_and_count(Latch& latch, std::atomic<int>& passed) {
  co_await latch.wait();
  ++passed;
}

TEST(Latch, HoldsEverybodyUntilItOpens) {
  Latch latch;
  std::atomic<int> passed = 0;
  boost::asio::io_context io;
  for (int i = 0; i < 3; ++i) boost::asio::co_spawn(io, wait_and_count(latch, passed), boost::asio::detached);
  io.poll();
  EXPECT_EQ(passed, 0);
  latch.open();
  io.run();
  EXPECT_EQ(passed, 3);
}

TEST(Latch, LetsLaterOnesPass) {
  Latch latch;
  std::atomic<int> passed = 0;
  latch.open();
  latch.open();
  run_task(wait_and_count(latch, passed));
  EXPECT_EQ(passed, 1);
}

TEST(Latch, KeepsTheWaitersIoContextAtWorkAndResumesThemThere) {
  Latch latch;
  std::atomic<int> passed = 0;
  std::atomic<int> waiting = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      boost::asio::io_context io;
      boost::asio::co_spawn(io, wait_and_count(latch, passed), boost::asio::detached);
      ++waiting;
      io.run();
    });
  while (waiting < 4) std::this_thread::yield();
  latch.open();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(passed, 4);
}

}  // namespace
}  // namespace symbolon
