#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/id.h"

namespace symbolon::management {

/// Token buckets for /api/v2 (management-api R-3). Kept in memory: it protects this process, not an account.
class RateLimit {
 public:
  struct Verdict {
    bool allowed = true;
    std::int64_t limit = 0, remaining = 0;
    std::int64_t reset = 0;        ///< epoch seconds when the bucket is full again
    std::int64_t retry_after = 0;  ///< seconds; only when refused
  };

  struct Rates {
    std::int64_t per_second = 10000;
    std::int64_t burst = 20000;  ///< at most this many are saved up
  };

  explicit RateLimit(Rates rates) : rates_(rates) {}

  /// Takes one call out of the tenant's bucket.
  Verdict take(const TenantId& tenant, Instant now);
  /// The state of the bucket for a caller who may not take from it: a stranger must not empty it.
  Verdict look(const TenantId& tenant, Instant now);

 private:
  struct Bucket {
    double tokens = 0;
    Instant filled_at{};
  };

  Bucket& refilled(const TenantId& tenant, Instant now);
  Verdict verdict(const Bucket& bucket, bool allowed, Instant now) const;

  const Rates rates_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace symbolon::management
