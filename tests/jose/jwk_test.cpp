#include "jose/jwk.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "jose/public_jwk.h"

namespace symbolon::jose {
namespace {

using boost::json::object;
using crypto::KeyType;
using crypto::PrivateKey;

object jwk_of(KeyType type) {
  static const PrivateKey rsa = PrivateKey::generate(KeyType::rsa), p256 = PrivateKey::generate(KeyType::ec_p256),
                          p384 = PrivateKey::generate(KeyType::ec_p384), p521 = PrivateKey::generate(KeyType::ec_p521),
                          ed = PrivateKey::generate(KeyType::ed25519);
  const PrivateKey* keys[] = {&rsa, &p256, &p384, &p521, &ed};
  const PrivateKey& key = *keys[static_cast<std::size_t>(type)];
  return render_public_jwk(key.public_key(), "k1", crypto::default_algorithm(type));
}

TEST(Jwk, TakesEveryKindOfSigningKey) {
  for (const KeyType type : {KeyType::rsa, KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521, KeyType::ed25519}) {
    SCOPED_TRACE(crypto::to_string(type));
    object jwk = jwk_of(type);
    jwk["issuer"] = "https://login.example/{tenantid}/v2.0";
    jwk["unknown"] = object{{"x", 1}};
    jwk["key_ops"] = boost::json::array{"verify"};
    const auto key = parse_jwk(jwk);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->key.type(), type);
    EXPECT_EQ(key->kid, "k1");
    EXPECT_EQ(key->algorithm, crypto::default_algorithm(type));
    EXPECT_EQ(key->issuer, "https://login.example/{tenantid}/v2.0");
  }
}

TEST(Jwk, NeedsNoMoreThanTheKey) {
  object jwk = jwk_of(KeyType::rsa);
  for (const char* member : {"kid", "alg", "use"}) jwk.erase(member);
  const auto key = parse_jwk(jwk);
  ASSERT_TRUE(key);
  EXPECT_FALSE(key->kid);
  EXPECT_FALSE(key->algorithm);
  EXPECT_FALSE(key->issuer);
}

TEST(Jwk, RefusesWhenOneThingIsWrong) {
  const struct {
    const char* name;
    KeyType type;
    void (*spoil)(object&);
    JwkError want;
  } rows[] = {
      {"no kty", KeyType::rsa, [](object& k) { k.erase("kty"); }, JwkError::malformed},
      {"kty a number", KeyType::rsa, [](object& k) { k["kty"] = 1; }, JwkError::malformed},
      {"unknown kty", KeyType::rsa, [](object& k) { k["kty"] = "AKP"; }, JwkError::key_type},
      {"kty in lower case", KeyType::rsa, [](object& k) { k["kty"] = "rsa"; }, JwkError::key_type},
      {"kty of another key", KeyType::ec_p256, [](object& k) { k["kty"] = "RSA"; }, JwkError::malformed},
      {"T37 symmetric", KeyType::rsa, [](object& k) { k["kty"] = "oct", k["k"] = "AAAA"; }, JwkError::secret},
      {"symmetric without value", KeyType::rsa, [](object& k) { k["kty"] = "oct"; }, JwkError::secret},
      {"private RSA", KeyType::rsa, [](object& k) { k["d"] = "AQAB"; }, JwkError::secret},
      {"private primes", KeyType::rsa, [](object& k) { k["p"] = "AQAB"; }, JwkError::secret},
      {"private EC", KeyType::ec_p256, [](object& k) { k["d"] = "AQAB"; }, JwkError::secret},
      {"private Ed25519", KeyType::ed25519, [](object& k) { k["d"] = "AQAB"; }, JwkError::secret},
      {"use enc", KeyType::rsa, [](object& k) { k["use"] = "enc"; }, JwkError::use},
      {"use empty", KeyType::rsa, [](object& k) { k["use"] = ""; }, JwkError::use},
      {"use a list", KeyType::rsa, [](object& k) { k["use"] = boost::json::array{"sig"}; }, JwkError::malformed},
      {"key_ops to encrypt", KeyType::rsa, [](object& k) { k["key_ops"] = boost::json::array{"encrypt"}; },
       JwkError::use},
      {"key_ops to sign", KeyType::rsa, [](object& k) { k["key_ops"] = boost::json::array{"sign"}; }, JwkError::use},
      {"key_ops a string", KeyType::rsa, [](object& k) { k["key_ops"] = "verify"; }, JwkError::malformed},
      {"alg none", KeyType::rsa, [](object& k) { k["alg"] = "none"; }, JwkError::algorithm},
      {"T34 alg HS256", KeyType::rsa, [](object& k) { k["alg"] = "HS256"; }, JwkError::algorithm},
      {"alg to encrypt", KeyType::rsa, [](object& k) { k["alg"] = "RSA-OAEP-256"; }, JwkError::algorithm},
      {"T35 alg of another key", KeyType::rsa, [](object& k) { k["alg"] = "ES256"; }, JwkError::algorithm},
      {"T35 alg of another curve", KeyType::ec_p256, [](object& k) { k["alg"] = "ES384"; }, JwkError::algorithm},
      {"alg a number", KeyType::rsa, [](object& k) { k["alg"] = 1; }, JwkError::malformed},
      {"kid a number", KeyType::rsa, [](object& k) { k["kid"] = 1; }, JwkError::malformed},
      {"issuer a number", KeyType::rsa, [](object& k) { k["issuer"] = 1; }, JwkError::malformed},
      {"no n", KeyType::rsa, [](object& k) { k.erase("n"); }, JwkError::malformed},
      {"no e", KeyType::rsa, [](object& k) { k.erase("e"); }, JwkError::malformed},
      {"n empty", KeyType::rsa, [](object& k) { k["n"] = ""; }, JwkError::malformed},
      {"n padded", KeyType::rsa, [](object& k) { k["n"] = std::string(k["n"].as_string()) + "=="; },
       JwkError::malformed},
      {"n a number", KeyType::rsa, [](object& k) { k["n"] = 3; }, JwkError::malformed},
      {"T37 n of 1024 bits", KeyType::rsa, [](object& k) { k["n"] = base64url_encode(std::string(128, '\xff')); },
       JwkError::weak},
      {"n of 16384 bits", KeyType::rsa, [](object& k) { k["n"] = base64url_encode(std::string(2048, '\xff')); },
       JwkError::too_large},
      {"e 1", KeyType::rsa, [](object& k) { k["e"] = "AQ"; }, JwkError::weak},
      {"no crv", KeyType::ec_p256, [](object& k) { k.erase("crv"); }, JwkError::malformed},
      {"unknown curve", KeyType::ec_p256, [](object& k) { k["crv"] = "secp256k1"; }, JwkError::curve},
      {"curve of another type", KeyType::ec_p256, [](object& k) { k["crv"] = "Ed25519"; }, JwkError::curve},
      {"curve of another length", KeyType::ec_p256, [](object& k) { k["crv"] = "P-384", k["alg"] = "ES384"; },
       JwkError::malformed},
      {"no y", KeyType::ec_p256, [](object& k) { k.erase("y"); }, JwkError::malformed},
      {"point off the curve", KeyType::ec_p256, [](object& k) { std::swap(k["x"], k["y"]); }, JwkError::not_on_curve},
      {"X25519", KeyType::ed25519, [](object& k) { k["crv"] = "X25519"; }, JwkError::curve},
      {"Ed448", KeyType::ed25519, [](object& k) { k["crv"] = "Ed448"; }, JwkError::curve},
      {"no x", KeyType::ed25519, [](object& k) { k.erase("x"); }, JwkError::malformed},
      {"x too short", KeyType::ed25519, [](object& k) { k["x"] = "AAAA"; }, JwkError::malformed},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    object jwk = jwk_of(row.type);
    row.spoil(jwk);
    const auto key = parse_jwk(jwk);
    ASSERT_FALSE(key);
    EXPECT_EQ(to_string(key.error()), to_string(row.want));
  }
}

}  // namespace
}  // namespace symbolon::jose
