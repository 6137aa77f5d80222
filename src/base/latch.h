#pragma once

#include <memory>

#include "base/task.h"

namespace symbolon {

/// An event that happens once. Coroutines of any io_context wait for it, each resumes on its own; any thread opens it.
/// Waiters keep the latch alive themselves, and whoever made it must open it even when things go wrong.
class Latch {
 public:
  Latch();
  ~Latch();
  Latch(const Latch&) = delete;
  Latch& operator=(const Latch&) = delete;

  /// Resumes everybody who waits, and lets later ones pass. Further calls do nothing.
  void open();
  /// Returns when the latch is open.
  Task<void> wait();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace symbolon
