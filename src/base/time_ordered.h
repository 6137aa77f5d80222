#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"

namespace symbolon {

/// Characters at the start of a time-ordered token that tell its time.
inline constexpr std::size_t kTimePrefixLength = 9;

/// `bytes` random bytes as base64url text behind the millisecond, so that what is made later sorts behind what was made
/// before, byte by byte. Rows with such keys are written side by side: a commit of many then changes few pages. The time
/// is no secret, and nothing of the randomness is given up for it. Until the year 3084.
std::string time_ordered_token(Random& random, Instant now, std::size_t bytes);

}  // namespace symbolon
