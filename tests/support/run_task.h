#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <future>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/task.h"

namespace symbolon {

/// What became of a coroutine whose io_context has nothing left to do; throws what it threw.
template <class T>
T outcome(std::future<T>& result) {
  if (result.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    throw std::logic_error("the coroutine waits for something that never comes");
  }
  return result.get();
}

/// Runs `task` to its end on an io_context of its own.
template <class T>
T run_task(Task<T> task) {
  boost::asio::io_context io;
  auto result = boost::asio::co_spawn(io, std::move(task), boost::asio::use_future);
  io.run();
  return outcome(result);
}

/// Runs all of `tasks` at the same time on one thread; throws what the first unsuccessful one threw.
inline void run_together(std::vector<Task<void>> tasks) {
  boost::asio::io_context io;
  std::vector<std::future<void>> results;
  for (auto& task : tasks) results.push_back(boost::asio::co_spawn(io, std::move(task), boost::asio::use_future));
  io.run();
  for (auto& result : results) outcome(result);
}

}  // namespace symbolon
