#include "oidc/request_object.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "crypto/key.h"
#include "jose/sign.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using crypto::KeyType;
using crypto::PrivateKey;
using crypto::SignatureAlgorithm;

const http::Site kSite{TenantId("default"), "https://id.example.com", "id.example.com", true};
constexpr std::int64_t kSeconds = 1'700'000'000;
constexpr Instant kNow = Instant(std::chrono::seconds(kSeconds));

const PrivateKey& ec_key() {
  static const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
  return key;
}
const PrivateKey& stranger() {
  static const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
  return key;
}

// A request object that is accepted as it is.
struct Sample {
  model::Client client;
  bj::object claims{{"iss", "web"},
                    {"aud", "https://id.example.com/"},
                    {"client_id", "web"},
                    {"response_type", "code"},
                    {"redirect_uri", "https://app.example.com/cb"},
                    {"max_age", 60},
                    {"claims", {{"id_token", {{"email", nullptr}}}}},
                    {"exp", kSeconds + 60},
                    {"nbf", kSeconds},
                    {"jti", "j-1"}};
  const PrivateKey* key = &ec_key();
  std::string kid = "k-1", typ = "oauth-authz-req+jwt";

  Sample() {
    client.id = ClientId("web");
    client.keys = {{"cred_1", "k-1", "ES256", ec_key().public_key().spki_pem(), {}, false, true}};
  }
  std::string compact() const { return jose::sign_jwt(*key, SignatureAlgorithm::ES256, kid, typ, claims); }
};

TEST(RequestObject, ItsClaimsAreTheParameters) {
  const auto form = read_request_object(Sample().compact(), Sample().client, kSite, kNow);
  ASSERT_TRUE(form) << form.error().detail;
  EXPECT_EQ(form->get("redirect_uri"), "https://app.example.com/cb");
  EXPECT_EQ(form->get("client_id"), "web");
  EXPECT_EQ(form->get("max_age"), "60");
  EXPECT_EQ(form->get("claims"), R"({"id_token":{"email":null}})");
  for (const char* own : {"iss", "aud", "exp", "nbf", "jti"}) EXPECT_FALSE(form->has(own)) << own;
}

TEST(RequestObject, AcceptsTheOtherFormsThatClientsSend) {
  const struct {
    const char* name;
    void (*change)(Sample&);
  } rows[] = {
      {"typ jwt", [](Sample& s) { s.typ = "JWT"; }},
      {"aud as a list", [](Sample& s) { s.claims["aud"] = {"https://id.example.com/", "https://other.example"}; }},
      {"no times",
       [](Sample& s) {
         for (const char* name : {"exp", "nbf", "jti"}) s.claims.erase(name);
       }},
      {"a key without kid", [](Sample& s) { s.client.keys.front().kid.clear(); }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Sample sample;
    row.change(sample);
    const auto form = read_request_object(sample.compact(), sample.client, kSite, kNow);
    EXPECT_TRUE(form) << form.error().detail;
  }
}

const struct {
  const char* name;
  void (*spoil)(Sample&);
  const char* why;
} kSpoiled[] = {
    {"another key", [](Sample& s) { s.key = &stranger(); }, "no registered key made the signature"},
    {"another kid", [](Sample& s) { s.kid = "k-2"; }, "no registered key made the signature"},
    {"T38 registered for another algorithm", [](Sample& s) { s.client.keys.front().algorithm = "RS256"; },
     "no registered key made the signature"},
    {"an expired key", [](Sample& s) { s.client.keys.front().expires_at = kNow; },
     "no registered key made the signature"},
    {"T17 a key registered for authentication only",
     [](Sample& s) {
       s.client.keys.front().signs_requests = false;
       s.client.keys.front().authenticates = true;
     },
     "no registered key made the signature"},
    {"no key", [](Sample& s) { s.client.keys.clear(); }, "no registered key made the signature"},
    {"an ID token's typ", [](Sample& s) { s.typ = "at+jwt"; }, "another typ"},
    {"another iss", [](Sample& s) { s.claims["iss"] = "other"; }, "iss is not the client"},
    {"no iss", [](Sample& s) { s.claims.erase("iss"); }, "iss is not the client"},
    {"another client_id", [](Sample& s) { s.claims["client_id"] = "other"; }, "client_id is not the client"},
    {"no client_id", [](Sample& s) { s.claims.erase("client_id"); }, "client_id is not the client"},
    {"another aud", [](Sample& s) { s.claims["aud"] = "https://evil.example/"; }, "aud is not this server"},
    {"no aud", [](Sample& s) { s.claims.erase("aud"); }, "aud is not this server"},
    {"no response_type", [](Sample& s) { s.claims.erase("response_type"); }, "response_type is missing"},
    {"expired", [](Sample& s) { s.claims["exp"] = kSeconds; }, "expired"},
    {"exp as text", [](Sample& s) { s.claims["exp"] = "soon"; }, "exp or nbf is no integer"},
    {"not yet", [](Sample& s) { s.claims["nbf"] = kSeconds + 11; }, "nbf is in the future"},
    {"a long jti", [](Sample& s) { s.claims["jti"] = std::string(65, 'j'); }, "jti is no text of at most 64 bytes"},
    {"a request inside", [](Sample& s) { s.claims["request"] = "e30.e30."; }, "holds another request"},
    {"a request_uri inside", [](Sample& s) { s.claims["request_uri"] = "urn:x"; }, "holds another request"},
    {"a NUL", [](Sample& s) { s.claims["state"] = std::string("a\0b", 3); }, "a parameter contains a NUL"},
};

TEST(RequestObject, RefusesAnObjectWithOneThingWrong) {
  for (const auto& row : kSpoiled) {
    SCOPED_TRACE(row.name);
    Sample sample;
    row.spoil(sample);
    const auto form = read_request_object(sample.compact(), sample.client, kSite, kNow);
    ASSERT_FALSE(form);
    EXPECT_EQ(form.error().code, model::OAuthCode::invalid_request_object);
    EXPECT_EQ(form.error().detail, row.why);
  }
}

TEST(RequestObject, T37NoSignatureIsNone) {
  for (const char* text : {"", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJOb05FIn0.e30.", "not a token"})
    EXPECT_FALSE(read_request_object(text, Sample().client, kSite, kNow)) << text;
}

}  // namespace
}  // namespace symbolon::oidc
