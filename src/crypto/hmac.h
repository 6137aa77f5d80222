#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace symbolon::crypto {

using Mac256 = std::array<std::uint8_t, 32>;

/// HMAC-SHA-256 (RFC 2104) of the concatenation of `parts`.
/// Throws std::invalid_argument for an empty key: anyone could compute that code.
Mac256 hmac_sha256_of(std::string_view key, std::initializer_list<std::string_view> parts);

/// The same as 32 raw bytes of text.
std::string hmac_sha256(std::string_view key, std::string_view message);

}  // namespace symbolon::crypto
