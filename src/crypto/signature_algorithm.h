#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "crypto/digest.h"
#include "crypto/key_type.h"

namespace symbolon::crypto {

/// The signatures that we make and accept (RFC 7518 §3.1, RFC 8037 §3.1). `none` and the HMAC algorithms are missing
/// on purpose: what cannot be named cannot be confused with a public-key signature.
enum class SignatureAlgorithm { RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA };
inline constexpr std::size_t kSignatureAlgorithms = 10;

std::string_view to_string(SignatureAlgorithm algorithm);

/// Exact spelling only.
std::optional<SignatureAlgorithm> parse_signature_algorithm(std::string_view name);

/// The same, in the form that json/fields.h looks for.
bool from_text(std::string_view name, SignatureAlgorithm& out);

/// Whether a key of this type can make such a signature: ES256 goes with P-256 only (RFC 7518 §3.4).
bool fits(SignatureAlgorithm algorithm, KeyType type);

/// The digest inside the signature, which `at_hash` and `c_hash` use too (OpenID Connect Core §3.1.3.6).
Hash hash_of(SignatureAlgorithm algorithm);

/// What a key of this type signs with when nothing else is configured: RS256 for RSA.
SignatureAlgorithm default_algorithm(KeyType type);

}  // namespace symbolon::crypto
