#pragma once

#include <boost/json/fwd.hpp>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/key.h"

namespace symbolon::jose {

/// Somebody's published key for checking signatures (RFC 7517 §4).
struct Jwk {
  crypto::PublicKey key;
  std::optional<std::string> kid;
  std::optional<crypto::SignatureAlgorithm> algorithm;  ///< `alg`: the only one it may be used with
  std::optional<std::string> issuer;                    ///< `issuer` of multi-tenant key sets (login-runtime RP-7)
};

/// Why a key of a set is left out.
enum class JwkError {
  malformed,     ///< not an object, or a member missing, of the wrong type or not base64url
  key_type,      ///< `kty` is not RSA, EC or OKP
  curve,         ///< `crv` is not P-256, P-384, P-521 or Ed25519
  secret,        ///< has private or symmetric parts, which a published key never may
  use,           ///< `use` is not `sig`, or `key_ops` lacks `verify`
  algorithm,     ///< `alg` is not a signature algorithm of ours, or does not fit the key
  not_on_curve,  ///< the point is not on the curve
  weak,          ///< RSA below 2048 bits or otherwise weak
  too_large,     ///< RSA above 8192 bits
};
std::string_view to_string(JwkError error);

/// Takes a public key that verifies signatures, and nothing else.
[[nodiscard]] std::expected<Jwk, JwkError> parse_jwk(const boost::json::object& jwk);

}  // namespace symbolon::jose
