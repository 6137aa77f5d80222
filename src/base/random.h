#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace symbolon {

/// Source of unpredictable bytes. Production uses crypto::SystemRandom, tests a counter.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

/// `bytes` random bytes as base64url text without padding.
std::string random_token(Random& random, std::size_t bytes);

/// `length` characters of [A-Za-z0-9], each equally likely.
std::string random_alphanumeric(Random& random, std::size_t length);

/// 2 × `bytes` lower-case hexadecimal digits.
std::string random_hex(Random& random, std::size_t bytes);

}  // namespace symbolon
