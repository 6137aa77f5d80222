#include "management/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace symbolon::management {

RateLimit::Verdict RateLimit::take(const TenantId& tenant, Instant now) {
  const auto rate = static_cast<double>(rate_);
  const std::lock_guard lock(mutex_);
  auto [entry, is_new] = buckets_.try_emplace(tenant.str());
  Bucket& bucket = entry->second;
  if (is_new) {
    bucket.tokens = static_cast<double>(burst_);
  } else {
    const double seconds = std::chrono::duration<double>(now - bucket.filled_at).count();
    bucket.tokens = std::min(static_cast<double>(burst_), bucket.tokens + std::max(0.0, seconds) * rate);
  }
  bucket.filled_at = now;

  Verdict verdict;
  verdict.limit = burst_;
  verdict.allowed = bucket.tokens >= 1;
  if (verdict.allowed) bucket.tokens -= 1;
  verdict.remaining = static_cast<std::int64_t>(bucket.tokens);
  const double missing = static_cast<double>(burst_) - bucket.tokens;
  verdict.reset = to_epoch_seconds(now) + static_cast<std::int64_t>(std::ceil(missing / rate));
  if (!verdict.allowed)
    verdict.retry_after = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil((1 - bucket.tokens) / rate)));
  return verdict;
}

}  // namespace symbolon::management
