#pragma once

#include "base/random.h"

namespace symbolon {

/// Bytes 0, 1, 2, … so that whatever a test makes of them stays the same.
class CounterRandom final : public Random {
 public:
  explicit CounterRandom(std::uint8_t first = 0) : next_(first) {}
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = next_++;
  }

 private:
  std::uint8_t next_;
};

}  // namespace symbolon
