#include "net/deadline.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "support/run_task.h"

namespace symbolon::net {
namespace {

using namespace std::chrono_literals;

Task<std::unique_ptr<int>> at_once() { co_return std::make_unique<int>(7); }

Task<int> fails() {
  throw std::runtime_error("of the operation");
  co_return 0;
}

/// Never ends by itself; says whether it was cancelled.
Task<int> never(bool& cancelled) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 24h);
  try {
    co_await timer.async_wait(boost::asio::use_awaitable);
  } catch (const boost::system::system_error&) {
    cancelled = true;
    throw;
  }
  co_return 0;
}

TEST(WithDeadline, HandsOnTheValue) {
  const auto value = run_task(with_deadline(at_once(), 1h));
  ASSERT_TRUE(value);
  EXPECT_EQ(**value, 7);
}

// A failure must not wait for the timer and look like a timeout.
TEST(WithDeadline, HandsOnTheFailureAtOnce) { EXPECT_THROW(run_task(with_deadline(fails(), 24h)), std::runtime_error); }

TEST(WithDeadline, CancelsWhatTakesTooLong) {
  bool cancelled = false;
  EXPECT_EQ(run_task(with_deadline(never(cancelled), 10ms)), std::nullopt);
  EXPECT_TRUE(cancelled);
}

}  // namespace
}  // namespace symbolon::net
