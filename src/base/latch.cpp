#include "base/latch.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace symbolon {
namespace asio = boost::asio;
namespace {

struct Waiter {
  asio::any_io_executor executor;
  std::move_only_function<void()> resume;
};

void wake(Waiter waiter) {
  const asio::any_io_executor executor = waiter.executor;
  asio::post(executor, std::move(waiter.resume));
}

}  // namespace

struct Latch::Impl {
  std::mutex mutex;
  bool open = false;
  std::vector<Waiter> waiters;
};

Latch::Latch() : impl_(std::make_unique<Impl>()) {}
Latch::~Latch() = default;

void Latch::open() {
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->open = true;
    waiters.swap(impl_->waiters);
  }
  for (Waiter& waiter : waiters) wake(std::move(waiter));
}

Task<void> Latch::wait() {
  const auto start = [this](auto handler) {
    // Tracked: the waiter's io_context must not run out of work and return before the latch opens.
    Waiter waiter{asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked),
                  std::move(handler)};
    std::unique_lock lock(impl_->mutex);
    if (!impl_->open) {
      impl_->waiters.push_back(std::move(waiter));
      return;
    }
    lock.unlock();
    wake(std::move(waiter));
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable);
}

}  // namespace symbolon
