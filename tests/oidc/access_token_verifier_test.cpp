#include "oidc/access_token_verifier.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "crypto/hmac.h"
#include "oidc/provider.h"
#include "store/signing_key_store.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using crypto::SignatureAlgorithm;
using namespace std::chrono_literals;

const AccessTokenRules kRules{{"https://id.example.com/"}, {"https://id.example.com/api/v2/"}};

bj::object valid_claims() {
  return {{"iss", "https://id.example.com/"},
          {"sub", "web@clients"},
          {"aud", "https://id.example.com/api/v2/"},
          {"azp", "web"},
          {"iat", 1'700'000'000},
          {"exp", 1'700'086'400},
          {"scope", "read:clients read:users"},
          {"jti", "abc"},
          {"gty", "client-credentials"}};
}

// A token that is accepted as it is.
struct Sample {
  bj::object claims = valid_claims();
  SignatureAlgorithm algorithm = SignatureAlgorithm::RS256;
  std::string typ = "JWT";

  std::string token(Provider& provider) const {
    return run_task(provider.keys.get(kTenant))->sign(algorithm, typ, claims);
  }
};

std::expected<VerifiedAccessToken, model::OAuthError> verify(Provider& provider, const std::string& token) {
  return run_task(provider.verifier.verify(kTenant, token, kRules));
}

TEST(AccessTokenVerifier, AcceptsOurOwnTokens) {
  Provider provider;
  for (const auto algorithm : {SignatureAlgorithm::RS256, SignatureAlgorithm::PS256, SignatureAlgorithm::ES256}) {
    Sample sample;
    sample.algorithm = algorithm;
    const auto token = verify(provider, sample.token(provider));
    ASSERT_TRUE(token) << token.error().detail;
    EXPECT_EQ(token->subject, "web@clients");
    EXPECT_EQ(token->client, ClientId("web"));
    EXPECT_TRUE(token->client_credentials);
    EXPECT_TRUE(token->grant.empty());
    EXPECT_TRUE(token->has_scope("read:users"));
    EXPECT_FALSE(token->has_scope("read:user"));
    EXPECT_EQ(token->expires_at, from_epoch_seconds(1'700'086'400));
  }
}

TEST(AccessTokenVerifier, ReadsTheDialectOfRfc9068AndPersons) {
  Provider provider;
  Sample sample;
  sample.typ = "at+jwt";
  sample.claims.erase("azp");
  sample.claims["client_id"] = "web";
  sample.claims["sub"] = "oidc|acme|ada";
  sample.claims["jti"] = "grant-1.x";
  sample.claims["aud"] = bj::array{"https://other.example/", "https://id.example.com/api/v2/"};
  const auto token = verify(provider, sample.token(provider));
  ASSERT_TRUE(token) << token.error().detail;
  EXPECT_EQ(token->client, ClientId("web"));
  EXPECT_EQ(token->grant, GrantId("grant-1"));
  EXPECT_FALSE(token->client_credentials);
}

struct Spoiled {
  const char* name;
  void (*spoil)(Sample&);
  const char* want;
};
const Spoiled kSpoiled[] = {
    {"another issuer", [](Sample& s) { s.claims["iss"] = "https://evil.example/"; }, "another issuer"},
    {"issuer without slash", [](Sample& s) { s.claims["iss"] = "https://id.example.com"; }, "another issuer"},
    {"no issuer", [](Sample& s) { s.claims.erase("iss"); }, "another issuer"},
    {"another audience", [](Sample& s) { s.claims["aud"] = "https://id.example.com/api/v2"; }, "another audience"},
    {"a list without the audience", [](Sample& s) { s.claims["aud"] = bj::array{"a", "b"}; }, "another audience"},
    {"a list with a number", [](Sample& s) { s.claims["aud"] = bj::array{"https://id.example.com/api/v2/", 1}; },
     "another audience"},
    {"no audience", [](Sample& s) { s.claims.erase("aud"); }, "another audience"},
    {"expired", [](Sample& s) { s.claims["exp"] = 1'700'000'000; }, "expired"},
    {"no exp", [](Sample& s) { s.claims.erase("exp"); }, "iat or exp is missing"},
    {"no iat", [](Sample& s) { s.claims.erase("iat"); }, "iat or exp is missing"},
    {"no sub", [](Sample& s) { s.claims.erase("sub"); }, "no access token"},
    {"no client", [](Sample& s) { s.claims.erase("azp"); }, "no access token"},
    {"no scope", [](Sample& s) { s.claims.erase("scope"); }, "no access token"},
    {"no jti", [](Sample& s) { s.claims.erase("jti"); }, "no access token"},
    {"another typ", [](Sample& s) { s.typ = "logout+jwt"; }, "another kind of token"},
    {"no typ", [](Sample& s) { s.typ = ""; }, "another kind of token"},
};

TEST(AccessTokenVerifier, RefusesATokenWithOneThingWrong) {
  Provider provider;
  for (const Spoiled& row : kSpoiled) {
    SCOPED_TRACE(row.name);
    Sample sample;
    row.spoil(sample);
    const auto token = verify(provider, sample.token(provider));
    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().code, model::OAuthCode::invalid_token);
    EXPECT_EQ(token.error().detail, row.want);
  }
}

std::string current_kid(Provider& provider) { return text_at(header_of(Sample().token(provider)), "kid"); }

// A token with any header over the valid claims; `sign` makes the signature of the input.
template <class F>
std::string forge(const std::string& header, F sign) {
  const std::string input = base64url_encode(header) + "." + base64url_encode(bj::serialize(valid_claims()));
  return input + "." + base64url_encode(sign(input));
}

TEST(AccessTokenVerifier, T34T35TheAlgorithmIsOursAndNotTheTokens) {
  Provider provider;
  const std::string kid = current_kid(provider);
  const auto keys = run_task(provider.keys.get(kTenant));
  const auto* jwk = keys->public_keys().candidates(kid, SignatureAlgorithm::RS256).front();
  for (const std::string& secret : {jwk->key.spki_pem(), jwk->key.spki_der(), keys->jwks(), kid})
    for (const char* alg : {"HS256", "HS384", "HS512"}) {
      const auto token = forge(R"({"alg":")" + std::string(alg) + R"(","typ":"JWT","kid":")" + kid + R"("})",
                               [&](const std::string& input) { return crypto::hmac_sha256(secret, input); });
      EXPECT_FALSE(verify(provider, token)) << alg;
    }
  // The RSA key under the kid that it has for RS256, asked to verify PS256: keys have one algorithm each.
  const auto ps256 = Sample{.algorithm = SignatureAlgorithm::PS256}.token(provider);
  const auto renamed =
      base64url_encode(R"({"alg":"PS256","typ":"JWT","kid":")" + kid + R"("})") + ps256.substr(ps256.find('.'));
  EXPECT_FALSE(verify(provider, renamed));
}

TEST(AccessTokenVerifier, T37NoneIsRefusedInEverySpelling) {
  Provider provider;
  const std::string kid = current_kid(provider);
  for (const char* alg : {"none", "None", "NONE", "nOnE", ""})
    EXPECT_FALSE(verify(provider, forge(R"({"alg":")" + std::string(alg) + R"(","typ":"JWT","kid":")" + kid + R"("})",
                                        [](const std::string&) { return std::string(); })))
        << alg;
}

TEST(AccessTokenVerifier, T6ForeignKeysAreNotLookedAt) {
  Provider provider;
  const auto foreign = crypto::PrivateKey::generate(crypto::KeyType::ec_p256);
  const auto sign = [&](const std::string& input) { return foreign.sign(SignatureAlgorithm::ES256, input); };
  for (const std::string& header :
       {std::string(R"({"alg":"ES256","typ":"JWT"})"),
        std::string(R"({"alg":"ES256","typ":"JWT","kid":"evil","jku":"https://evil.example/"})"),
        R"({"alg":"ES256","typ":"JWT","kid":")" + current_kid(provider) + R"(","jwk":{}})",
        std::string(R"({"alg":"ES256","typ":"JWT","kid":"../../dev/null"})")})
    EXPECT_FALSE(verify(provider, forge(header, sign))) << header;
}

TEST(AccessTokenVerifier, ARevokedKeySignsNothingAnyMore) {
  Provider provider;
  const std::string token = Sample().token(provider);
  const std::string kid = current_kid(provider);
  run_task(provider.keys.rotate(kTenant));
  EXPECT_TRUE(verify(provider, token));
  run_task(provider.keys.revoke(kTenant, kid));
  EXPECT_FALSE(verify(provider, token));
}

TEST(AccessTokenVerifier, FollowsARotationElsewhereAtOnce) {
  Provider provider;
  run_task(provider.keys.get(kTenant));
  SigningKeys elsewhere(*provider.db, provider.workers, provider.box, provider.clock, provider.random);
  // The next key is published already, so the one that is used here must be newer than what was read.
  for (const auto& key : provider.read([](db::Transaction& tx) { return store::SigningKeyStore(tx, kTenant).list(); }))
    if (key.algorithm == "ES256" && key.state == model::KeyState::next) run_task(elsewhere.revoke(kTenant, key.kid));
  run_task(elsewhere.rotate(kTenant));
  const std::string token = run_task(elsewhere.get(kTenant))->sign(SignatureAlgorithm::ES256, "JWT", valid_claims());
  provider.clock.advance(2s);
  EXPECT_TRUE(verify(provider, token));
}

TEST(AccessTokenVerifier, T56AnotherTenantsKeysAreNotOurs) {
  Provider provider;
  const std::string token = Sample().token(provider);
  provider.add_tenant("other");
  EXPECT_FALSE(run_task(provider.verifier.verify(TenantId("other"), token, kRules)));
}

TEST(AccessTokenVerifier, AnIdTokenIsNoAccessToken) {
  Provider provider;
  const auto body = json_of(provider.post_token(Provider::redemption(provider.code())));
  const AccessTokenRules fooled{{"https://id.example.com/"}, {"web"}};
  const auto token = run_task(provider.verifier.verify(kTenant, text_at(body, "id_token"), fooled));
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().detail, "no access token");
}

}  // namespace
}  // namespace symbolon::oidc
