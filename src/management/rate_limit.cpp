#include "management/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace symbolon::management {

RateLimit::Bucket& RateLimit::refilled(const TenantId& tenant, Instant now) {
  const auto burst = static_cast<double>(rates_.burst);
  auto [entry, is_new] = buckets_.try_emplace(tenant.str());
  Bucket& bucket = entry->second;
  if (is_new) {
    bucket.tokens = burst;
  } else {
    const double seconds = std::chrono::duration<double>(now - bucket.filled_at).count();
    bucket.tokens = std::min(burst, bucket.tokens + std::max(0.0, seconds) * static_cast<double>(rates_.per_second));
  }
  bucket.filled_at = now;
  return bucket;
}

RateLimit::Verdict RateLimit::verdict(const Bucket& bucket, bool allowed, Instant now) const {
  const auto seconds_for = [&](double tokens) {
    return static_cast<std::int64_t>(std::ceil(tokens / static_cast<double>(rates_.per_second)));
  };
  return {.allowed = allowed,
          .limit = rates_.burst,
          .remaining = static_cast<std::int64_t>(bucket.tokens),
          .reset = to_epoch_seconds(now) + seconds_for(static_cast<double>(rates_.burst) - bucket.tokens),
          .retry_after = allowed ? 0 : std::max<std::int64_t>(1, seconds_for(1 - bucket.tokens))};
}

RateLimit::Verdict RateLimit::take(const TenantId& tenant, Instant now) {
  const std::lock_guard lock(mutex_);
  Bucket& bucket = refilled(tenant, now);
  const bool allowed = bucket.tokens >= 1;
  if (allowed) bucket.tokens -= 1;
  return verdict(bucket, allowed, now);
}

RateLimit::Verdict RateLimit::look(const TenantId& tenant, Instant now) {
  const std::lock_guard lock(mutex_);
  return verdict(refilled(tenant, now), true, now);
}

}  // namespace symbolon::management
