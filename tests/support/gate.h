#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "base/task.h"

namespace symbolon {

/// Holds coroutines back until the test opens it, and lets the test wait until they have come. Any thread.
class Gate {
 public:
  /// Returns when the gate is open; a cancelled wait throws.
  Task<void> pass() {
    auto timer = std::make_shared<boost::asio::steady_timer>(co_await boost::asio::this_coro::executor,
                                                             boost::asio::steady_timer::time_point::max());
    {
      const std::lock_guard lock(mutex_);
      ++arrived_;
      changed_.notify_all();
      if (open_) co_return;
      waiting_.push_back(timer);
    }
    boost::system::error_code error;
    co_await timer->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, error));
    const std::lock_guard lock(mutex_);
    if (!open_) throw boost::system::system_error(error);
  }

  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    for (const auto& waiting : waiting_)
      if (const auto timer = waiting.lock()) boost::asio::post(timer->get_executor(), [timer] { timer->cancel(); });
  }

  void wait_for_arrivals(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int arrived_ = 0;
  std::vector<std::weak_ptr<boost::asio::steady_timer>> waiting_;  // weak: a timer must not outlive its io_context
};

}  // namespace symbolon
