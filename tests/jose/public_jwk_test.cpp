#include "jose/public_jwk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "jose/jwk.h"
#include "support/counter_random.h"

namespace symbolon::jose {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;

std::vector<std::string> names_of(const boost::json::object& object) {
  std::vector<std::string> names;
  for (const auto& member : object) names.emplace_back(member.key());
  return names;
}

TEST(PublicJwk, ShowsWhatClientsNeedAndNothingElse) {
  using testing::UnorderedElementsAre;
  const PrivateKey rsa = PrivateKey::generate(KeyType::rsa);
  CounterRandom random;
  const auto certificate = crypto::Certificate::self_signed(
      rsa, "login.example.com", {from_epoch_seconds(1'700'000'000), from_epoch_seconds(2'000'000'000)}, random);
  const auto jwk = render_public_jwk(rsa.public_key(), "k1", crypto::SignatureAlgorithm::RS256, &certificate);
  EXPECT_THAT(names_of(jwk), UnorderedElementsAre("kty", "use", "alg", "kid", "n", "e", "x5t", "x5c"));
  EXPECT_EQ(jwk.at("kty"), "RSA");
  EXPECT_EQ(jwk.at("use"), "sig");
  EXPECT_EQ(jwk.at("alg"), "RS256");
  EXPECT_EQ(jwk.at("e"), "AQAB");
  EXPECT_EQ(jwk.at("x5t").as_string(), base64url_encode(crypto::sha1(certificate.der())));
  ASSERT_EQ(jwk.at("x5c").as_array().size(), 1U);
  EXPECT_EQ(base64_decode(std::string_view(jwk.at("x5c").as_array()[0].as_string())), certificate.der());
  EXPECT_EQ(parse_jwk(jwk).value().key.spki_der(), rsa.public_key().spki_der());

  EXPECT_THAT(names_of(render_public_jwk(rsa.public_key(), "k1", std::nullopt)),
              UnorderedElementsAre("kty", "use", "kid", "n", "e"));
  const PrivateKey ec = PrivateKey::generate(KeyType::ec_p256);
  EXPECT_THAT(names_of(render_public_jwk(ec.public_key(), "k1", crypto::SignatureAlgorithm::ES256)),
              UnorderedElementsAre("kty", "use", "alg", "kid", "crv", "x", "y"));
  const PrivateKey ed = PrivateKey::generate(KeyType::ed25519);
  EXPECT_THAT(names_of(render_public_jwk(ed.public_key(), "k1", std::nullopt)),
              UnorderedElementsAre("kty", "use", "kid", "crv", "x"));
}

// RFC 7638 §3.1 and RFC 8037 appendix A.3.
TEST(JwkThumbprint, MatchesTheRfcs) {
  const auto rsa = crypto::PublicKey::from_rsa(
      *base64url_decode("0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_"
                        "BJECPebWKRXjBZCiFV4n3oknjhM"
                        "stn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_"
                        "FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5haj"
                        "rn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-"
                        "kEgU8awapJzKnqDKgw"),
      std::string("\x01\x00\x01", 3));
  EXPECT_EQ(jwk_thumbprint(rsa.value()), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  const auto ed = crypto::PublicKey::from_ed25519(*base64url_decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
  EXPECT_EQ(jwk_thumbprint(ed.value()), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

}  // namespace
}  // namespace symbolon::jose
