#pragma once

#include <functional>
#include <memory>

#include "base/workers.h"

namespace symbolon::net {

/// Worker threads in a fixed number. Work that waits for a free thread waits in order.
///
/// Must outlive every coroutine that may call run(): the destructor lets all accepted work finish.
class WorkerPool final : public Workers {
 public:
  /// `threads` is at least one.
  explicit WorkerPool(unsigned threads);
  ~WorkerPool() override;
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

 protected:
  Task<void> run_erased(std::move_only_function<void()> work) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace symbolon::net
