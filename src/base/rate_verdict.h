#pragma once

#include <cstdint>

namespace symbolon {

/// What a rate limit says of one call, and what its caller is told (login-runtime OP-20g).
struct RateVerdict {
  bool allowed = true;
  std::int64_t limit = 0, remaining = 0;
  std::int64_t reset = 0;        ///< epoch seconds when everything is available again
  std::int64_t retry_after = 0;  ///< seconds; 0 when there is something left
};

}  // namespace symbolon
