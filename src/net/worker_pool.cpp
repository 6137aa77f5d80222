#include "net/worker_pool.h"

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace symbolon::net {
namespace asio = boost::asio;

struct WorkerPool::Impl {
  explicit Impl(unsigned count) : threads(std::max(count, 1u)) {}
  asio::thread_pool threads;
};

WorkerPool::WorkerPool(unsigned threads) : impl_(std::make_unique<Impl>(threads)) {}

WorkerPool::~WorkerPool() { impl_->threads.join(); }

Task<void> WorkerPool::run_erased(std::move_only_function<void()> work) {
  // Tracked: the caller's io_context must not run out of work and return while the worker is busy.
  const asio::any_io_executor caller =
      asio::prefer(co_await asio::this_coro::executor, asio::execution::outstanding_work.tracked);
  std::exception_ptr error;
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
      [&](auto resume) {
        asio::post(impl_->threads, [&work, &error, caller, resume = std::move(resume)]() mutable {
          try {
            work();
          } catch (...) {
            error = std::current_exception();
          }
          // From here on the frame that owns `work` and `error` may go at any moment.
          asio::post(caller, std::move(resume));
        });
      },
      asio::use_awaitable);
  if (error) std::rethrow_exception(error);
}

}  // namespace symbolon::net
