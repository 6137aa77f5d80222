#include "jose/public_jwk.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "base/encoding.h"
#include "crypto/digest.h"

namespace symbolon::jose {
namespace {

// The members that make up the key, in the order of their names: exactly the input of a thumbprint (RFC 7638 §3.2).
boost::json::object key_members(const crypto::PublicKey& key) {
  switch (key.type()) {
    case crypto::KeyType::rsa: {
      const auto rsa = key.rsa_components();
      return {{"e", base64url_encode(rsa.e)}, {"kty", "RSA"}, {"n", base64url_encode(rsa.n)}};
    }
    case crypto::KeyType::ec_p256:
    case crypto::KeyType::ec_p384:
    case crypto::KeyType::ec_p521: {
      const auto point = key.ec_components();
      return {{"crv", boost::json::string_view(crypto::to_string(key.type()))},
              {"kty", "EC"},
              {"x", base64url_encode(point.x)},
              {"y", base64url_encode(point.y)}};
    }
    case crypto::KeyType::ed25519:
      return {{"crv", "Ed25519"}, {"kty", "OKP"}, {"x", base64url_encode(key.ed25519_x())}};
  }
  throw std::logic_error("KeyType outside its enumerators");
}

}  // namespace

boost::json::object render_public_jwk(const crypto::PublicKey& key, std::string_view kid,
                                      std::optional<crypto::SignatureAlgorithm> algorithm,
                                      const crypto::Certificate* certificate) {
  boost::json::object jwk = key_members(key);
  jwk["use"] = "sig";
  if (algorithm) jwk["alg"] = boost::json::string_view(crypto::to_string(*algorithm));
  jwk["kid"] = kid;
  if (certificate != nullptr) {
    jwk["x5t"] = base64url_encode(certificate->sha1_fingerprint());
    jwk["x5c"] = boost::json::array{boost::json::string(base64_encode(certificate->der()))};
  }
  return jwk;
}

std::string jwk_thumbprint(const crypto::PublicKey& key) {
  return base64url_encode(crypto::sha256(boost::json::serialize(key_members(key))));
}

}  // namespace symbolon::jose
