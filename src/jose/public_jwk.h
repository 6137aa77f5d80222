#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/certificate.h"
#include "crypto/key.h"

namespace symbolon::jose {

/// A public key as we publish it (login-runtime KEY-1): kty, use, alg, kid and the key's own members. Without `alg`
/// when `algorithm` is nullopt (tenant flag `remove_alg_from_jwks`), with x5t and x5c when there is a `certificate`.
boost::json::object render_public_jwk(const crypto::PublicKey& key, std::string_view kid,
                                      std::optional<crypto::SignatureAlgorithm> algorithm,
                                      const crypto::Certificate* certificate = nullptr);

/// SHA-256 thumbprint in base64url (RFC 7638 §3): a name that only this key can have.
std::string jwk_thumbprint(const crypto::PublicKey& key);

}  // namespace symbolon::jose
