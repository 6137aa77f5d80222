#pragma once

#include "base/random.h"

namespace symbolon::crypto {

/// OpenSSL's generator, seeded by the operating system. Safe to share between threads.
/// `fill` throws when the generator fails: a token must never be made of anything less.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace symbolon::crypto
