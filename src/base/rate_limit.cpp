#include "base/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace symbolon {
namespace {

constexpr std::size_t kMaxBuckets = 100'000;

}  // namespace

double RateLimit::tokens_at(const Bucket& bucket, Instant now) const {
  const double seconds = std::chrono::duration<double>(now - bucket.filled_at).count();
  return std::min(static_cast<double>(rates_.burst), bucket.tokens + std::max(0.0, seconds) * rates_.per_second);
}

// Strangers choose many of the keys. Somebody with so many that no bucket is full again cannot be slowed down here.
void RateLimit::make_room(Instant now) {
  const auto burst = static_cast<double>(rates_.burst);
  std::erase_if(buckets_, [&](const auto& entry) { return tokens_at(entry.second, now) >= burst; });
  if (buckets_.size() >= kMaxBuckets) buckets_.clear();
}

RateLimit::Bucket& RateLimit::refilled(std::string_view key, Instant now) {
  if (buckets_.size() >= kMaxBuckets) make_room(now);
  auto [entry, is_new] = buckets_.try_emplace(std::string(key));
  Bucket& bucket = entry->second;
  bucket.tokens = is_new ? static_cast<double>(rates_.burst) : tokens_at(bucket, now);
  bucket.filled_at = now;
  return bucket;
}

RateVerdict RateLimit::verdict(const Bucket& bucket, bool allowed, Instant now) const {
  const auto seconds_for = [&](double tokens) {
    return static_cast<std::int64_t>(std::ceil(tokens / rates_.per_second));
  };
  return {.allowed = allowed,
          .limit = rates_.burst,
          .remaining = static_cast<std::int64_t>(bucket.tokens),
          .reset = to_epoch_seconds(now) + seconds_for(static_cast<double>(rates_.burst) - bucket.tokens),
          .retry_after = allowed ? 0 : std::max<std::int64_t>(1, seconds_for(1 - bucket.tokens))};
}

RateVerdict RateLimit::take(std::string_view key, Instant now) {
  const std::lock_guard lock(mutex_);
  Bucket& bucket = refilled(key, now);
  const bool allowed = bucket.tokens >= 1;
  if (allowed) bucket.tokens -= 1;
  return verdict(bucket, allowed, now);
}

RateVerdict RateLimit::look(std::string_view key, Instant now) {
  const std::lock_guard lock(mutex_);
  Bucket bucket{.tokens = static_cast<double>(rates_.burst), .filled_at = now};
  if (const auto known = buckets_.find(std::string(key)); known != buckets_.end())
    bucket.tokens = tokens_at(known->second, now);
  return verdict(bucket, bucket.tokens >= 1, now);
}

}  // namespace symbolon
