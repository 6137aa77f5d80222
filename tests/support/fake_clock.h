#pragma once

#include <atomic>

#include "base/clock.h"

namespace symbolon {

/// A clock that stands still until the test moves it. Any thread.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Instant at = from_epoch_seconds(1'800'000'000)) : now_(at) {}
  Instant now() const override { return now_.load(); }
  void set(Instant at) { now_ = at; }
  void advance(std::chrono::milliseconds by) { now_ = now_.load() + by; }

 private:
  std::atomic<Instant> now_;
};

}  // namespace symbolon
