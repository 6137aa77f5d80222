#pragma once

#include <string>
#include <string_view>

#include "crypto/signature_algorithm.h"

namespace symbolon::jose {

/// `at_hash` or `c_hash` of an access token or code in an ID token signed with `algorithm`: the left half of the
/// algorithm's digest in base64url (OpenID Connect Core §3.1.3.6, §3.3.2.11). EdDSA uses SHA-512.
std::string token_hash(crypto::SignatureAlgorithm algorithm, std::string_view token);

[[nodiscard]] bool matches_token_hash(std::string_view hash, crypto::SignatureAlgorithm algorithm,
                                      std::string_view token);

}  // namespace symbolon::jose
