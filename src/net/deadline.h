#pragma once

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>

#include "base/task.h"

namespace symbolon::net {

/// What an operation came to: its value, or what it threw.
template <class T>
struct Settled {
  std::optional<T> value;
  std::exception_ptr error;
};

/// Turns a throw into a value.
template <class T>
Task<Settled<T>> settle(Task<T> operation) {
  Settled<T> settled;
  try {
    settled.value.emplace(co_await std::move(operation));
  } catch (...) {
    settled.error = std::current_exception();
  }
  co_return settled;
}

/// Waits for `operation`, but no longer than `limit`; nullopt means it was cancelled.
///
/// Cancellation reaches Asio operations only. A blocking call on a worker thread
/// runs to its end first, so give libcurl and the database their own, shorter limits.
template <class T>
Task<std::optional<T>> with_deadline(Task<T> operation, std::chrono::milliseconds limit) {
  using namespace boost::asio::experimental::awaitable_operators;
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, limit);

  // settle() turns a throw into a value: on its own, `||` answers a failure by
  // waiting for the timer, and every broken upstream would look like a slow one.
  auto first = co_await (settle(std::move(operation)) || timer.async_wait(boost::asio::use_awaitable));
  if (first.index() == 1) co_return std::nullopt;

  Settled<T>& settled = std::get<0>(first);
  if (settled.error) std::rethrow_exception(settled.error);
  co_return std::move(settled.value);
}

}  // namespace symbolon::net
