#include "base/time_ordered.h"

#include <algorithm>

namespace symbolon {

std::string time_ordered_token(Random& random, Instant now, std::size_t bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuv";  // in the order of their bytes
  auto millis = static_cast<std::uint64_t>(std::max<std::int64_t>(to_epoch_millis(now), 0));
  std::string token(kTimePrefixLength, '0');
  for (std::size_t at = kTimePrefixLength; at-- > 0; millis /= kDigits.size()) token[at] = kDigits[millis % kDigits.size()];
  return token += random_token(random, bytes);
}

}  // namespace symbolon
