#pragma once

#include <chrono>
#include <random>

#include "login_storm/options.h"

namespace symbolon::bench {

/// When the next login is due. With a rate (open loop) the moments do not depend on how fast answers come, so that a
/// slow broker cannot hide its queue; without one, every moment is now.
class Schedule {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  Schedule(const LoadOptions& load, Moment start);

  Moment next(Moment now);

 private:
  double rate_;
  Arrivals arrivals_;
  Moment due_;
  // Seeded alike in every run: two brokers meet the same bursts.
  std::mt19937_64 engine_{20260000};
};

}  // namespace symbolon::bench
