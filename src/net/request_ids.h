#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/random.h"

namespace symbolon::net {

/// Correlation ids of one thread: 24 hexadecimal digits. Random bytes are drawn for many ids at a time.
class RequestIds {
 public:
  explicit RequestIds(Random& random) : random_(random) {}

  std::string next();

 private:
  static constexpr std::size_t kBytes = 12;

  Random& random_;
  std::array<std::uint8_t, kBytes * 64> pool_{};
  std::size_t used_ = kBytes * 64;
};

}  // namespace symbolon::net
