#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "crypto/key.h"
#include "jose/public_jwk.h"

namespace symbolon {

/// A key of a pretended provider.
struct TestKey {
  crypto::PrivateKey key;
  crypto::SignatureAlgorithm algorithm;
  std::string kid;

  static TestKey make(std::string kid, crypto::SignatureAlgorithm algorithm = crypto::SignatureAlgorithm::ES256) {
    const auto type = algorithm == crypto::SignatureAlgorithm::ES256   ? crypto::KeyType::ec_p256
                      : algorithm == crypto::SignatureAlgorithm::ES384 ? crypto::KeyType::ec_p384
                                                                       : crypto::KeyType::rsa;
    return {crypto::PrivateKey::generate(type), algorithm, std::move(kid)};
  }

  boost::json::object jwk() const { return jose::render_public_jwk(key.public_key(), kid, algorithm); }
};

/// A JWK set as providers publish it.
inline std::string key_set_of(std::initializer_list<const TestKey*> keys) {
  boost::json::array list;
  for (const TestKey* key : keys) list.push_back(key->jwk());
  return boost::json::serialize(boost::json::object{{"keys", std::move(list)}});
}

/// Makes tokens, right ones and wrong ones: everything in them can be changed before compact() signs what is there.
class TokenBuilder {
 public:
  explicit TokenBuilder(TestKey signed_with) : key(std::move(signed_with)) {
    header = {{"alg", std::string(to_string(key.algorithm))}, {"typ", "JWT"}, {"kid", key.kid}};
  }

  std::string compact() const {
    const std::string input = base64url_encode(boost::json::serialize(header)) + "." +
                              base64url_encode(raw_payload.empty() ? boost::json::serialize(claims) : raw_payload);
    return input + "." + base64url_encode(key.key.sign(key.algorithm, input));
  }

  TestKey key;
  boost::json::object header, claims;
  std::string raw_payload;  ///< takes the place of `claims` when not empty
};

}  // namespace symbolon
