#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <latch>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "support/run_task.h"

namespace symbolon {

/// Runs all of `attempts` at the same time, spread over `threads` threads with an io_context each, as the server's are.
/// How many returned true; throws what the first unsuccessful one threw.
inline int count_winners(std::vector<Task<bool>> attempts, std::size_t threads = 4) {
  std::vector<std::unique_ptr<boost::asio::io_context>> contexts;
  for (std::size_t i = 0; i < threads; ++i) contexts.push_back(std::make_unique<boost::asio::io_context>());
  std::vector<std::future<bool>> results;
  for (std::size_t i = 0; i < attempts.size(); ++i)
    results.push_back(
        boost::asio::co_spawn(*contexts[i % threads], std::move(attempts[i]), boost::asio::use_future));
  {
    std::latch start(static_cast<std::ptrdiff_t>(threads));
    std::vector<std::jthread> runners;
    for (const auto& context : contexts)
      runners.emplace_back([&start, &io = *context] {
        start.arrive_and_wait();
        io.run();
      });
  }
  int winners = 0;
  for (auto& result : results)
    if (outcome(result)) ++winners;
  return winners;
}

}  // namespace symbolon
