#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace symbolon::crypto {

/// HKDF with SHA-256 (RFC 5869): fills `out`, at most 8160 bytes, with bytes that only holders of `key` can derive.
/// `label` is the concatenation of its parts; keep it unambiguous. Throws std::invalid_argument beyond the limit.
void hkdf_sha256(std::string_view key, std::string_view salt, std::initializer_list<std::string_view> label,
                 std::span<std::uint8_t> out);

}  // namespace symbolon::crypto
