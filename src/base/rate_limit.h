#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/rate_verdict.h"

namespace symbolon {

/// Token buckets, one for each key. Kept in memory: they protect this process, not an account. Safe from any thread.
class RateLimit {
 public:
  struct Rates {
    double per_second = 1;   ///< greater than 0
    std::int64_t burst = 1;  ///< at most this many are saved up
  };

  explicit RateLimit(Rates rates) : rates_(rates) {}

  /// Takes one out of the key's bucket; refused when it is empty.
  RateVerdict take(std::string_view key, Instant now);
  /// What take() would answer now. Leaves nothing behind, so that asking for every caller costs no memory.
  RateVerdict look(std::string_view key, Instant now);

 private:
  struct Bucket {
    double tokens = 0;
    Instant filled_at{};
  };

  Bucket& refilled(std::string_view key, Instant now);
  void make_room(Instant now);
  double tokens_at(const Bucket& bucket, Instant now) const;
  RateVerdict verdict(const Bucket& bucket, bool allowed, Instant now) const;

  const Rates rates_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace symbolon
