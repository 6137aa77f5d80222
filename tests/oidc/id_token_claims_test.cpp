#include "oidc/id_token_claims.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "oidc/user_claims.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;

const http::Site kSite{TenantId("default"), "https://id.example.com", "id.example.com", true};
constexpr Instant kNow = Instant(std::chrono::milliseconds(1'700'000'000'789));

model::User sample_user() {
  model::User user;
  user.id = UserId("oidc|acme|00u1|x");
  user.profile = R"({"name":"Ada Lovelace","given_name":"Ada","family_name":"Lovelace","nickname":"ada",
    "picture":"https://pics.example/ada.png","locale":"en-GB","zoneinfo":17,"website":null,"department":"Engines",
    "phone_number":"+441234567","phone_number_verified":"true","address":{"locality":"London"}})";
  user.email = "ada@acme.example";
  user.email_verified = true;
  user.user_metadata = R"({"colour":"blue","deep":{"er":[1,2]}})";
  user.app_metadata = R"({"plan":"gold"})";
  user.identities = {{ConnectionId("con_1"), "acme", "oidc", "00u1|x", "", {}}};
  user.created_at = from_epoch_seconds(1'600'000'000);
  user.updated_at = from_epoch_seconds(1'650'000'000);
  return user;
}

struct Sample {
  model::Client client;
  model::Grant grant;
  model::User user = sample_user();
  std::string nonce = "n-1";
  bool with_access_token = true;

  Sample() {
    client.id = ClientId("web");
    grant.user = user.id;
    grant.session = SessionId("sid-1");
    grant.scope = {"openid", "profile", "email"};
    grant.auth_time = from_epoch_millis(1'699'999'990'999);
  }
  bj::object claims() const {
    return id_token_claims({.site = kSite,
                            .client = client,
                            .grant = grant,
                            .user = user,
                            .nonce = nonce,
                            .with_access_token = with_access_token,
                            .now = kNow});
  }
};

TEST(IdTokenClaims, Golden) {
  EXPECT_EQ(
      bj::serialize(Sample().claims()),
      R"({"iss":"https://id.example.com/","sub":"oidc|acme|00u1|x","aud":"web","iat":1700000000,"exp":1700036000,)"
      R"("auth_time":1699999990,"sid":"sid-1","nonce":"n-1","name":"Ada Lovelace","nickname":"ada",)"
      R"("given_name":"Ada","family_name":"Lovelace","picture":"https://pics.example/ada.png","locale":"en-GB",)"
      R"("updated_at":1650000000,"email":"ada@acme.example","email_verified":true})");
}

TEST(IdTokenClaims, WithoutProfileScopesNothingOfThePerson) {
  Sample sample;
  sample.grant.scope = {"openid"};
  sample.nonce = "";
  EXPECT_EQ(
      bj::serialize(sample.claims()),
      R"({"iss":"https://id.example.com/","sub":"oidc|acme|00u1|x","aud":"web","iat":1700000000,"exp":1700036000,)"
      R"("auth_time":1699999990,"sid":"sid-1"})");
}

TEST(IdTokenClaims, CarriesWhatTheProviderSaidAboutTheLogin) {
  Sample sample;
  sample.grant.acr = "urn:mfa";
  sample.grant.amr = {"pwd", "otp"};
  sample.grant.session_expiry = from_epoch_millis(1'700'003'600'900);
  sample.client.id_token_lifetime = std::chrono::seconds(60);
  const auto claims = sample.claims();
  EXPECT_EQ(claims.at("acr"), "urn:mfa");
  EXPECT_EQ(bj::serialize(claims.at("amr")), R"(["pwd","otp"])");
  EXPECT_EQ(claims.at("session_expiry"), 1'700'003'600);
  EXPECT_EQ(claims.at("exp"), 1'700'000'060);

  sample.client.session_expiry_claim = false;
  EXPECT_FALSE(sample.claims().contains("session_expiry"));
}

TEST(IdTokenClaims, TheClientsSwitchMovesProfileClaimsToUserinfo) {
  Sample sample;
  sample.client.id_token_profile_claims = false;
  EXPECT_FALSE(sample.claims().contains("name"));
  EXPECT_FALSE(sample.claims().contains("email"));
  sample.with_access_token = false;  // there is no /userinfo for this client then
  EXPECT_TRUE(sample.claims().contains("name"));
}

TEST(IdTokenClaims, ClaimsAskedForByNameComeWithoutTheirScope) {
  Sample sample;
  sample.grant.scope = {"openid"};
  sample.client.id_token_profile_claims = false;
  sample.grant.claims = {{"email", "phone_number_verified", "address", "zoneinfo", "gender"}, {"name"}};
  auto claims = sample.claims();
  EXPECT_EQ(claims.at("email"), "ada@acme.example");
  EXPECT_EQ(claims.at("phone_number_verified"), true);
  EXPECT_EQ(bj::serialize(claims.at("address")), R"({"locality":"London"})");
  for (const char* absent : {"email_verified", "phone_number", "name", "zoneinfo", "gender"})
    EXPECT_FALSE(claims.contains(absent)) << absent << ": not asked for here, unknown or of a wrong type";

  sample.grant.claims.id_token = {"updated_at", "email_verified", "department", "app_metadata", "phone_number"};
  claims = sample.claims();
  EXPECT_EQ(claims.at("updated_at"), 1'650'000'000);
  EXPECT_EQ(claims.at("email_verified"), true);
  EXPECT_EQ(claims.at("phone_number"), "+441234567");
  EXPECT_FALSE(claims.contains("department"));
  EXPECT_FALSE(claims.contains("app_metadata"));

  sample.client.first_party = false;  // asks a person for scopes only
  EXPECT_FALSE(sample.claims().contains("phone_number"));
}

TEST(IdTokenClaims, AttributesOfThisLoginLieOverTheStoredOnes) {
  Sample sample;
  sample.grant.login_claims = R"({"nickname":"countess"})";
  EXPECT_EQ(sample.claims().at("nickname"), "countess");
}

TEST(IdTokenClaims, AnAddressThatIsNotStoredIsVouchedForByTheLogin) {
  Sample sample;
  sample.user.email = "";
  sample.user.email_verified = false;
  EXPECT_FALSE(sample.claims().contains("email_verified"));
  sample.grant.login_claims = R"({"email":"ada@home.example","email_verified":true})";
  EXPECT_EQ(sample.claims().at("email"), "ada@home.example");
  EXPECT_EQ(sample.claims().at("email_verified"), true);
}

TEST(IdTokenClaims, UnknownVerificationIsFalse) {
  Sample sample;
  sample.user.email_verified = false;
  EXPECT_EQ(sample.claims().at("email_verified"), false);
}

TEST(IdTokenClaims, TheClientsOwnMap) {
  Sample sample;
  sample.client.id_token_claims = {{"https://ns.example/department", "user.department"},
                                   {"https://ns.example/plan", "user.app_metadata.plan"},
                                   {"https://ns.example/deep", "user.user_metadata.deep.er"},
                                   {"https://ns.example/gone", "user.nothing.here"},
                                   {"https://ns.example/odd", "context.department"},
                                   {"team", "user.department"},
                                   {"name", "user.department"},
                                   {"sub", "user.department"},
                                   {"aud", "user.department"},
                                   {"iat", "user.department"},
                                   {"sid", "user.department"},
                                   {"roles", "user.department"},
                                   {"at_hash", "user.department"}};
  const auto plain = Sample().claims();
  auto claims = sample.claims();
  EXPECT_EQ(claims.at("https://ns.example/department"), "Engines");
  EXPECT_EQ(claims.at("https://ns.example/plan"), "gold");
  EXPECT_EQ(bj::serialize(claims.at("https://ns.example/deep")), "[1,2]");
  EXPECT_EQ(claims.at("team"), "Engines");
  for (const char* added :
       {"https://ns.example/department", "https://ns.example/plan", "https://ns.example/deep", "team"})
    claims.erase(added);
  EXPECT_EQ(claims, plain) << "nothing else may change";
}

TEST(IdTokenClaims, ShortNamesStayOutBesideOurOwnApis) {
  Sample sample;
  sample.client.id_token_claims = {{"team", "user.department"}, {"https://ns.example/team", "user.department"}};
  sample.grant.audience = "https://id.example.com/api/v2/";
  EXPECT_FALSE(sample.claims().contains("team"));
  EXPECT_TRUE(sample.claims().contains("https://ns.example/team"));
  sample.grant.audience = "https://api.example.com/";
  EXPECT_TRUE(sample.claims().contains("team"));
}

bj::object scope_claims(const model::User& user, const std::vector<std::string>& scope) {
  bj::object claims;
  add_scope_claims(claims, user, profile_of(user, {}), scope);
  return claims;
}

TEST(ScopeClaims, AreTypedAndOnlyWhatThePersonHas) {
  const auto claims = scope_claims(sample_user(), {"profile"});
  EXPECT_FALSE(claims.contains("zoneinfo")) << "a number where text belongs";
  EXPECT_FALSE(claims.contains("website")) << "null";
  EXPECT_FALSE(claims.contains("department")) << "no standard claim";
  EXPECT_FALSE(claims.contains("email"));
}

TEST(ScopeClaims, PhoneAndAddress) {
  EXPECT_EQ(bj::serialize(scope_claims(sample_user(), {"phone", "address"})),
            R"({"phone_number":"+441234567","phone_number_verified":true,"address":{"locality":"London"}})");
  model::User user = sample_user();
  user.profile = R"({"address":"1 St James's Sq"})";
  EXPECT_EQ(bj::serialize(scope_claims(user, {"phone", "address"})), R"({"address":{"formatted":"1 St James's Sq"}})");
}

TEST(ScopeClaims, ScopesThatAreNamedAfterOneClaim) {
  EXPECT_EQ(bj::serialize(scope_claims(sample_user(), {"given_name", "picture", "email_verified"})),
            R"({"given_name":"Ada","picture":"https://pics.example/ada.png","email_verified":true})");
  EXPECT_EQ(bj::serialize(scope_claims(sample_user(), {"created_at", "identities"})),
            R"({"created_at":"2020-09-13T12:26:40.000Z","identities":[{"connection":"acme","provider":"oidc",)"
            R"("user_id":"acme|00u1|x","isSocial":false}]})");
}

TEST(UserAttribute, FindsNamesWithDots) {
  const bj::object user = bj::parse(R"({"https://ns.example/x":1,"a":{"b.c":2,"b":{"c":3}},"n":null})").as_object();
  EXPECT_EQ(*find_user_attribute(user, "user.https://ns.example/x"), 1);
  EXPECT_EQ(*find_user_attribute(user, "user.a.b.c"), 2);
  EXPECT_EQ(find_user_attribute(user, "user.n"), nullptr);
  EXPECT_EQ(find_user_attribute(user, "user."), nullptr);
  EXPECT_EQ(find_user_attribute(user, "user"), nullptr);
  EXPECT_EQ(find_user_attribute(user, "a.b"), nullptr);
}

}  // namespace
}  // namespace symbolon::oidc
