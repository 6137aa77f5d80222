#include "jose/sign.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "jose/verify.h"

namespace symbolon::jose {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;
using enum crypto::SignatureAlgorithm;

const boost::json::object kClaims{{"iss", "https://login.example/"}, {"sub", "é\"\\"}, {"exp", 1'800'000'000}};

TEST(SignJwt, MakesTokensThatVerify) {
  for (const auto algorithm : {RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA}) {
    SCOPED_TRACE(crypto::to_string(algorithm));
    for (const KeyType type : {KeyType::rsa, KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521, KeyType::ed25519}) {
      if (!crypto::fits(algorithm, type)) continue;
      const PrivateKey key = PrivateKey::generate(type);
      const auto jws = Jws::parse(sign_jwt(key, algorithm, "k1", "JWT", kClaims));
      ASSERT_TRUE(jws);
      EXPECT_TRUE(verify(*jws, key.public_key(), {algorithm}));
      EXPECT_EQ(jws->payload().value(), kClaims);
    }
  }
}

TEST(SignJwt, WritesTheHeaderThatClientsExpect) {
  const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
  EXPECT_EQ(Jws::parse(sign_jwt(key, ES256, "k\"1", "at+jwt", kClaims)).value().header_json(),
            R"({"alg":"ES256","typ":"at+jwt","kid":"k\"1"})");
  EXPECT_EQ(Jws::parse(sign_jwt(key, ES256, "", "", kClaims)).value().header_json(), R"({"alg":"ES256"})");
}

TEST(SignJwt, RefusesAnAlgorithmThatDoesNotFit) {
  EXPECT_THROW(sign_jwt(PrivateKey::generate(KeyType::ec_p256), RS256, "k1", "JWT", kClaims), std::invalid_argument);
}

}  // namespace
}  // namespace symbolon::jose
