#pragma once

#include "base/workers.h"

namespace symbolon {

/// Does the work at once, on the caller's thread.
class InlineWorkers final : public Workers {
 public:
  int jobs = 0;  ///< done so far

 protected:
  Task<void> run_erased(std::move_only_function<void()> work) override {
    ++jobs;
    work();
    co_return;
  }
};

}  // namespace symbolon
