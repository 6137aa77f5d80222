#pragma once

#include <string>
#include <string_view>

namespace symbolon::bench {

/// 256 random bits as base64url: state, nonce and PKCE verifiers.
std::string random_token();

/// The 32 bytes of the digest.
std::string sha256(std::string_view bytes);

/// RFC 7636 §4.2, method S256.
std::string pkce_challenge(std::string_view verifier);

}  // namespace symbolon::bench
