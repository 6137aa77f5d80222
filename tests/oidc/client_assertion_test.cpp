#include "oidc/client_assertion.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "crypto/hmac.h"
#include "jose/sign.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using crypto::KeyType;
using crypto::PrivateKey;
using crypto::SignatureAlgorithm;

const http::Site kSite{TenantId("default"), "https://id.example.com", "id.example.com", true};
constexpr Instant kNow = Instant(std::chrono::seconds(1'700'000'000));
constexpr std::int64_t kSeconds = 1'700'000'000;

const PrivateKey& rsa_key() {
  static const PrivateKey key = PrivateKey::generate(KeyType::rsa);
  return key;
}
const PrivateKey& other_rsa_key() {
  static const PrivateKey key = PrivateKey::generate(KeyType::rsa);
  return key;
}
const PrivateKey& ec_key() {
  static const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
  return key;
}

// An assertion that is accepted as it is.
struct Sample {
  model::Client client;
  bj::object claims{{"iss", "web"},         {"sub", "web"},    {"aud", "https://id.example.com/"},
                    {"exp", kSeconds + 60}, {"iat", kSeconds}, {"jti", "j-1"}};
  const PrivateKey* key = &rsa_key();
  SignatureAlgorithm algorithm = SignatureAlgorithm::RS256;
  std::string kid = "k-1";

  Sample() {
    client.id = ClientId("web");
    client.keys = {{"cred_1", "k-1", "RS256", rsa_key().public_key().spki_pem(), {}, true, false}};
  }
  std::string signed_one() const { return jose::sign_jwt(*key, algorithm, kid, "JWT", claims); }
};

std::expected<ProvedAssertion, std::string> prove(const Sample& sample) {
  return prove_assertion(sample.signed_one(), sample.client, kSite, kNow);
}

TEST(ClientAssertion, AcceptsTheSample) {
  const auto proved = prove(Sample());
  ASSERT_TRUE(proved) << proved.error();
  EXPECT_EQ(proved->jti, "j-1");
  EXPECT_EQ(proved->expires_at, from_epoch_seconds(kSeconds + 60));
  EXPECT_EQ(claimed_client(Sample().signed_one()), ClientId("web"));
}

struct Spoiled {
  const char* name;
  void (*spoil)(Sample&);
  const char* want;
};
const Spoiled kSpoiled[] = {
    {"another iss", [](Sample& s) { s.claims["iss"] = "other"; }, "iss is not the client"},
    {"another sub", [](Sample& s) { s.claims["sub"] = "other"; }, "sub is not the client"},
    {"no iss", [](Sample& s) { s.claims.erase("iss"); }, "iss is not the client"},
    {"another aud", [](Sample& s) { s.claims["aud"] = "https://evil.example/"; }, "aud is not this server alone"},
    {"issuer without slash", [](Sample& s) { s.claims["aud"] = "https://id.example.com"; },
     "aud is not this server alone"},
    {"a list of audiences", [](Sample& s) { s.claims["aud"] = bj::array{"https://id.example.com/"}; },
     "aud is not this server alone"},
    {"no aud", [](Sample& s) { s.claims.erase("aud"); }, "aud is not this server alone"},
    {"no exp", [](Sample& s) { s.claims.erase("exp"); }, "exp is missing"},
    {"exp as text", [](Sample& s) { s.claims["exp"] = "1700000060"; }, "exp is missing"},
    {"expired", [](Sample& s) { s.claims["exp"] = kSeconds; }, "assertion expired"},
    {"too long-lived", [](Sample& s) { s.claims["exp"] = kSeconds + 311; }, "exp is more than five minutes ahead"},
    {"iat ahead", [](Sample& s) { s.claims["iat"] = kSeconds + 11; }, "iat is in the future"},
    {"nbf ahead", [](Sample& s) { s.claims["nbf"] = kSeconds + 11; }, "nbf is in the future"},
    {"nbf as text", [](Sample& s) { s.claims["nbf"] = "0"; }, "iat or nbf is no integer"},
    {"no jti", [](Sample& s) { s.claims.erase("jti"); }, "jti is missing or longer than 64 bytes"},
    {"empty jti", [](Sample& s) { s.claims["jti"] = ""; }, "jti is missing or longer than 64 bytes"},
    {"long jti", [](Sample& s) { s.claims["jti"] = std::string(65, 'j'); }, "jti is missing or longer than 64 bytes"},
    {"another key", [](Sample& s) { s.key = &other_rsa_key(); }, "no registered key made the signature"},
    {"another kid", [](Sample& s) { s.kid = "k-2"; }, "no registered key made the signature"},
    {"T38 another algorithm", [](Sample& s) { s.algorithm = SignatureAlgorithm::PS256; },
     "no registered key made the signature"},
    {"T38 key registered for another algorithm", [](Sample& s) { s.client.keys[0].algorithm = "RS384"; },
     "no registered key made the signature"},
    {"key expired", [](Sample& s) { s.client.keys[0].expires_at = kNow; }, "no registered key made the signature"},
    {"T17 key registered for request objects only",
     [](Sample& s) {
       s.client.keys[0].authenticates = false;
       s.client.keys[0].signs_requests = true;
     },
     "no registered key made the signature"},
    {"no keys", [](Sample& s) { s.client.keys.clear(); }, "no registered key made the signature"},
    {"algorithm outside the list",
     [](Sample& s) {
       s.algorithm = SignatureAlgorithm::RS512;
       s.client.keys[0].algorithm = "RS512";
     },
     "no registered key made the signature"},
};

TEST(ClientAssertion, RefusesOneWithOneThingWrong) {
  for (const Spoiled& row : kSpoiled) {
    SCOPED_TRACE(row.name);
    Sample sample;
    row.spoil(sample);
    const auto proved = prove(sample);
    ASSERT_FALSE(proved);
    EXPECT_EQ(proved.error(), row.want);
  }
}

TEST(ClientAssertion, TakesTheTokenEndpointAsAudienceAndEachKeyOfARotation) {
  Sample sample;
  sample.client.keys.push_back({"cred_2", "k-2", "ES256", ec_key().public_key().spki_pem(), {}, true, false});
  sample.claims["aud"] = "https://id.example.com/oauth/token";
  EXPECT_TRUE(prove(sample));
  sample.claims["aud"] = "https://id.example.com/oauth/v2/token";
  EXPECT_TRUE(prove(sample));
  sample.claims["aud"] = "https://id.example.com/oauth/par";
  EXPECT_TRUE(prove(sample));
  sample.key = &ec_key();
  sample.algorithm = SignatureAlgorithm::ES256;
  sample.kid = "";
  EXPECT_TRUE(prove(sample));
}

std::string token_with_header(const std::string& header, const std::string& signature) {
  const std::string input = base64url_encode(header) + "." + base64url_encode(bj::serialize(Sample().claims));
  return input + "." + base64url_encode(signature);
}

TEST(ClientAssertion, T34ASymmetricAlgorithmOverThePublicKeyIsRefused) {
  const std::string pem = rsa_key().public_key().spki_pem();
  for (const std::string& key : {pem, rsa_key().public_key().spki_der(), std::string("x")}) {
    const std::string header = R"({"alg":"HS256","kid":"k-1"})";
    const std::string input = base64url_encode(header) + "." + base64url_encode(bj::serialize(Sample().claims));
    const auto proved =
        prove_assertion(input + "." + base64url_encode(crypto::hmac_sha256(key, input)), Sample().client, kSite, kNow);
    ASSERT_FALSE(proved);
    EXPECT_EQ(proved.error(), "unknown signature algorithm");
  }
}

TEST(ClientAssertion, T37NoneIsRefusedInEverySpelling) {
  for (const char* alg : {"none", "None", "NONE", "nOnE", "", "HS256", "rs256"}) {
    const auto token = token_with_header(R"({"alg":")" + std::string(alg) + R"(","kid":"k-1"})", "");
    EXPECT_FALSE(prove_assertion(token, Sample().client, kSite, kNow)) << alg;
  }
}

TEST(ClientAssertion, T6KeysInTheHeaderAreNotLookedAt) {
  const std::string header =
      R"({"alg":"RS256","jwk":{"kty":"RSA"},"jku":"https://evil.example/","x5u":"https://evil.example/"})";
  const std::string input = base64url_encode(header) + "." + base64url_encode(bj::serialize(Sample().claims));
  const std::string forged = input + "." + base64url_encode(other_rsa_key().sign(SignatureAlgorithm::RS256, input));
  EXPECT_FALSE(prove_assertion(forged, Sample().client, kSite, kNow));
}

TEST(ClientAssertion, RefusesALongOne) {
  Sample sample;
  sample.claims["x"] = std::string(2048, 'x');
  EXPECT_EQ(prove(sample).error(), "assertion longer than 2048 bytes");
  EXPECT_EQ(claimed_client(sample.signed_one()), std::nullopt);
  EXPECT_EQ(claimed_client("a.b"), std::nullopt);
}

}  // namespace
}  // namespace symbolon::oidc
