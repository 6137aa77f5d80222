#include "oidc/access_token_claims.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;

const http::Site kSite{TenantId("default"), "https://id.example.com", "id.example.com", true};

struct Sample {
  model::ResourceServer api;
  ClientId client{"web"};
  std::string subject = "oidc|acme|1";
  std::vector<std::string> scope{"read:x"};
  std::string gty;

  Sample() { api.identifier = "https://api.example.com/"; }
  std::string claims() const {
    return bj::serialize(access_token_claims({.site = kSite,
                                              .api = api,
                                              .client = client,
                                              .subject = subject,
                                              .scope = scope,
                                              .jti = "g.r",
                                              .gty = gty,
                                              .now = from_epoch_millis(1'700'000'000'999),
                                              .lifetime = std::chrono::seconds(86400)}));
  }
};

TEST(AccessTokenClaims, GoldenForAPerson) {
  Sample sample;
  sample.scope = {"openid", "read:x"};
  EXPECT_EQ(sample.claims(),
            R"({"iss":"https://id.example.com/","sub":"oidc|acme|1",)"
            R"("aud":["https://api.example.com/","https://id.example.com/userinfo"],"azp":"web","iat":1700000000,)"
            R"("exp":1700086400,"scope":"openid read:x","jti":"g.r"})");
  EXPECT_EQ(access_token_type(sample.api), "JWT");
}

TEST(AccessTokenClaims, GoldenForAClient) {
  Sample sample;
  sample.subject = "web@clients";
  sample.gty = "client-credentials";
  EXPECT_EQ(sample.claims(),
            R"({"iss":"https://id.example.com/","sub":"web@clients","aud":"https://api.example.com/","azp":"web",)"
            R"("iat":1700000000,"exp":1700086400,"scope":"read:x","jti":"g.r","gty":"client-credentials"})");
}

TEST(AccessTokenClaims, TheDialectOfRfc9068) {
  Sample sample;
  sample.api.rfc9068 = true;
  sample.gty = "client-credentials";
  EXPECT_EQ(
      sample.claims(),
      R"({"iss":"https://id.example.com/","sub":"oidc|acme|1","aud":"https://api.example.com/","client_id":"web",)"
      R"("iat":1700000000,"exp":1700086400,"scope":"read:x","jti":"g.r"})");
  EXPECT_EQ(access_token_type(sample.api), "at+jwt");
}

TEST(AccessTokenClaims, TheAdministrationScopeAddsItsAudience) {
  Sample sample;
  sample.scope = {"urn:zitadel:iam:org:project:id:zitadel:aud"};
  EXPECT_NE(sample.claims().find(R"("aud":["https://api.example.com/","https://id.example.com/admin/v1"])"),
            std::string::npos);
  sample.api.identifier = "https://id.example.com/admin/v1";
  EXPECT_NE(sample.claims().find(R"("aud":"https://id.example.com/admin/v1")"), std::string::npos);
}

TEST(AccessTokenClaims, TheJtiLeadsBackToTheGrant) {
  EXPECT_EQ(grant_of_jti(make_jti(GrantId("gr-1_x"), "abc")), GrantId("gr-1_x"));
  EXPECT_TRUE(grant_of_jti("abc").empty());
}

}  // namespace
}  // namespace symbolon::oidc
