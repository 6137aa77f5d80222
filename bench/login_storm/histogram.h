#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace symbolon::bench {

/// Counts durations in buckets whose width grows with the value: at most 1/128 of it, from a nanosecond to hours.
/// The memory does not grow with the number of samples, so recording never slows the load down.
class Histogram {
 public:
  Histogram();

  /// A negative duration counts as zero.
  void record(std::chrono::nanoseconds duration);

  /// The nearest-rank percentile: the smallest recorded value that `share` (0 < share <= 1) of all do not exceed,
  /// rounded up to its bucket's end, never above max(). Zero when nothing was recorded.
  std::chrono::nanoseconds percentile(double share) const;
  std::chrono::nanoseconds max() const { return std::chrono::nanoseconds(max_); }
  std::chrono::nanoseconds mean() const;
  std::uint64_t count() const { return count_; }

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace symbolon::bench
