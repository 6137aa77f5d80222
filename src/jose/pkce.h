#pragma once

#include <string>
#include <string_view>

namespace symbolon::jose {

/// `code_challenge` of the method S256 (RFC 7636 §4.2).
std::string code_challenge(std::string_view verifier);

/// 43 to 128 unreserved characters (RFC 7636 §4.1).
bool is_code_verifier(std::string_view text);

/// 43 characters of base64url: what S256 can produce.
bool is_code_challenge(std::string_view text);

/// Whether `verifier` is well-formed and belongs to the S256 `challenge`. An empty challenge matches nothing.
[[nodiscard]] bool matches_challenge(std::string_view challenge, std::string_view verifier);

}  // namespace symbolon::jose
