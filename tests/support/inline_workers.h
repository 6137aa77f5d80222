#pragma once

#include <atomic>

#include "base/workers.h"

namespace symbolon {

/// Does the work at once, on the caller's thread. Any thread.
class InlineWorkers final : public Workers {
 public:
  std::atomic<int> jobs = 0;  ///< done so far

 protected:
  Task<void> run_erased(std::move_only_function<void()> work) override {
    ++jobs;
    work();
    co_return;
  }
};

}  // namespace symbolon
