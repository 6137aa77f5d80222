#include "base/random.h"

#include <array>
#include <vector>

#include "base/encoding.h"

namespace symbolon {

std::string random_token(Random& random, std::size_t bytes) {
  std::string raw(bytes, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(raw.data()), raw.size()});
  return base64url_encode(raw);
}

std::string random_alphanumeric(Random& random, std::size_t length) {
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  out.reserve(length);
  std::array<std::uint8_t, 64> pool;
  while (out.size() < length) {
    random.fill(pool);
    for (const std::uint8_t byte : pool) {
      // 248 is the largest multiple of 62 below 256: higher bytes would favour the first letters.
      if (byte >= 248 || out.size() == length) continue;
      out.push_back(kAlphabet[byte % kAlphabet.size()]);
    }
  }
  return out;
}

std::string random_hex(Random& random, std::size_t bytes) {
  std::string raw(bytes, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(raw.data()), raw.size()});
  return hex_encode(raw);
}

}  // namespace symbolon
