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

  /// `rate` tokens a second, at most `burst` saved up.
  explicit RateLimit(std::int64_t rate = 10000, std::int64_t burst = 20000) : rate_(rate), burst_(burst) {}

  Verdict take(const TenantId& tenant, Instant now);

 private:
  struct Bucket {
    double tokens = 0;
    Instant filled_at{};
  };

  std::int64_t rate_, burst_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace symbolon::management
