#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace symbolon {

/// Base64url without padding (RFC 4648 §5, RFC 7515 §2).
std::string base64url_encode(std::string_view bytes);

/// The same at the end of `out`, for texts made of several parts.
void base64url_append(std::string& out, std::string_view bytes);

/// Strict: no padding, no white space, no foreign character, no stray bits in the last character.
std::optional<std::string> base64url_decode(std::string_view text);

/// Base64 with padding (RFC 4648 §4).
std::string base64_encode(std::string_view bytes);

/// Strict as above; padding is required.
std::optional<std::string> base64_decode(std::string_view text);

std::string hex_encode(std::string_view bytes);
std::optional<std::string> hex_decode(std::string_view text);

}  // namespace symbolon
