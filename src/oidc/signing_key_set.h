#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/key.h"
#include "crypto/secret_box.h"
#include "jose/key_set.h"
#include "model/signing_key.h"

namespace symbolon::oidc {

/// A tenant's keys at one moment (login-runtime §1.4). Immutable; safe to share between threads.
///
/// The RSA key signs RS256 and PS256. It is published once for each, because a verifier must refuse a key whose `alg`
/// is another one (RFC 7517 §4.4).
class SigningKeySet {
 public:
  /// Opens the private keys that are current; throws when one cannot be opened. Revoked records are left out.
  SigningKeySet(const std::vector<model::SigningKey>& records, const crypto::SecretBox& box, bool publish_algorithm);

  /// A token signed with the current key. Costs a private-key operation: run it on a worker. Throws std::logic_error
  /// when no current key can make such a signature.
  std::string sign(crypto::SignatureAlgorithm algorithm, std::string_view typ, const boost::json::object& claims) const;

  /// What our own tokens are verified with: next, current and previous.
  const jose::KeySet& public_keys() const noexcept { return public_keys_; }

  /// The document of /.well-known/jwks.json.
  const std::string& jwks() const noexcept { return jwks_; }

 private:
  struct Signer {
    crypto::SignatureAlgorithm algorithm;
    std::string kid;
    crypto::PrivateKey key;
  };

  std::vector<Signer> signers_;
  jose::KeySet public_keys_;
  std::string jwks_;
};

/// The pair that every tenant has: an RSA key and a P-256 key, named by what they sign with unless told otherwise.
enum class KeyFamily { rsa, p256 };
std::string_view algorithm_of(KeyFamily family);

/// Makes a key with its certificate, sealed for the store. Slow for RSA: run it on a worker.
model::SigningKey generate_signing_key(const TenantId& tenant, KeyFamily family, model::KeyState state, Instant now,
                                       const crypto::SecretBox& box, Random& random);

/// Associated data and purpose of a sealed private key.
inline constexpr std::string_view kSigningKeyPurpose = "signing-key";
std::string signing_key_place(const TenantId& tenant, std::string_view kid);

}  // namespace symbolon::oidc
