#include "login_storm/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace symbolon::bench {
namespace {

// Values below 2 * kSteps have a bucket of their own; above, each power of two is cut in kSteps.
constexpr int kStepBits = 7;
constexpr std::uint64_t kSteps = 1U << kStepBits;
constexpr int kMaxExponent = 63 - kStepBits;
constexpr std::size_t kBuckets = 2 * kSteps + kMaxExponent * kSteps;

std::size_t bucket_of(std::uint64_t value) {
  const int exponent = std::max(0, static_cast<int>(std::bit_width(value)) - kStepBits - 1);
  return static_cast<std::size_t>(exponent) * kSteps + (value >> exponent);
}

std::uint64_t end_of(std::size_t bucket) {
  if (bucket < 2 * kSteps) return bucket;
  const std::size_t exponent = bucket / kSteps - 1;
  const std::uint64_t mantissa = kSteps + bucket % kSteps;
  return ((mantissa + 1) << exponent) - 1;
}

}  // namespace

Histogram::Histogram() : buckets_(kBuckets) {}

void Histogram::record(std::chrono::nanoseconds duration) {
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(0, duration.count()));
  ++buckets_[bucket_of(value)];
  ++count_;
  sum_ += value;
  max_ = std::max(max_, value);
}

std::chrono::nanoseconds Histogram::percentile(double share) const {
  const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= std::max<std::uint64_t>(1, rank)) return std::chrono::nanoseconds(std::min(end_of(bucket), max_));
  }
  return std::chrono::nanoseconds(max_);
}

std::chrono::nanoseconds Histogram::mean() const { return std::chrono::nanoseconds(count_ == 0 ? 0 : sum_ / count_); }

}  // namespace symbolon::bench
