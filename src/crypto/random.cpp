#include "crypto/random.h"

#include <openssl/rand.h>

#include <limits>

#include "crypto/openssl.h"

namespace symbolon::crypto {

void SystemRandom::fill(std::span<std::uint8_t> out) {
  constexpr std::size_t kMost = std::numeric_limits<int>::max();
  while (!out.empty()) {
    const auto part = out.first(std::min(out.size(), kMost));
    require_success(RAND_bytes(part.data(), static_cast<int>(part.size())), "RAND_bytes");
    out = out.subspan(part.size());
  }
}

}  // namespace symbolon::crypto
