#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace symbolon {

inline std::string_view view(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

/// A property that must hold for every input; the fuzzer keeps the input that breaks it.
inline void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace symbolon
