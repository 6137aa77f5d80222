#include <gtest/gtest.h>

#include "base/encoding.h"
#include "flows/world.h"

namespace symbolon::flows {
namespace {

namespace json = boost::json;

json::object claims_of(const json::value& tokens) {
  const std::string token(tokens.at("id_token").get_string());
  const auto first = token.find('.');
  return json::parse(*base64url_decode(token.substr(first + 1, token.rfind('.') - first - 1))).as_object();
}

// OpenID Connect Core §5.5, from the request to the tokens.
class Claims : public World, public testing::Test {
 protected:
  using Answer = std::map<std::string, std::string>;

  Answer ask(const std::string& claims, Fields more = {}) {
    more.emplace_back("claims", claims);
    more.emplace_back("scope", "openid offline_access");
    return depart("acme", std::move(more));
  }
  Answer sign_in(const std::string& claims, Fields more = {}) {
    return parameters(arrive(ask(claims, std::move(more)), "acme"));
  }
};

TEST_F(Claims, WhatWasAskedForByNameIsInTokensAndUserinfo) {
  const auto answer =
      sign_in(R"({"id_token":{"email":{"essential":true},"auth_time":{"essential":true},"gender":{"essential":true}},
                  "userinfo":{"email_verified":null,"app_metadata":null}})");
  const auto tokens = json::parse(redeem(answer.at("code")).body);
  const auto claims = claims_of(tokens);
  EXPECT_EQ(claims.at("email"), "ada@idp.example");
  EXPECT_TRUE(claims.at("auth_time").is_int64());
  EXPECT_FALSE(claims.contains("email_verified"));
  EXPECT_FALSE(claims.contains("gender")) << "an essential claim that nobody knows fails nothing";

  const std::string bearer = "Bearer " + std::string(tokens.at("access_token").get_string());
  EXPECT_EQ(get("/userinfo", {{"Authorization", bearer}}).body, R"({"sub":"oidc|acme|ada","email_verified":true})");

  const auto refreshed = json::parse(post("/oauth/token", {{"grant_type", "refresh_token"},
                                                           {"refresh_token", std::string(tokens.at("refresh_token").get_string())},
                                                           {"client_id", client_id},
                                                           {"client_secret", client_secret}})
                                         .body);
  EXPECT_EQ(claims_of(refreshed).at("email"), "ada@idp.example");
}

TEST_F(Claims, AValueOfSubIsThePersonOrNobody) {
  const std::string ada = R"({"id_token":{"sub":{"value":"oidc|acme|ada"}}})";
  const std::string bob = R"({"id_token":{"sub":{"value":"oidc|acme|bob"}}})";
  EXPECT_EQ(ask(bob, {{"prompt", "none"}}).at("error"), "login_required");
  EXPECT_TRUE(sign_in(ada).contains("code"));
  EXPECT_TRUE(ask(ada, {{"prompt", "none"}}).contains("code"));
  EXPECT_EQ(ask(bob, {{"prompt", "none"}}).at("error"), "login_required");
  // The session is another person's, so somebody has to sign in; ada still is not bob.
  EXPECT_EQ(sign_in(bob).at("error"), "login_required");
  subject = "bob";
  EXPECT_TRUE(sign_in(bob).contains("code"));
}

TEST_F(Claims, AnEssentialAcrMustBeReached) {
  const std::string gold = R"({"id_token":{"acr":{"essential":true,"values":["gold","platinum"]}}})";
  EXPECT_TRUE(sign_in(R"({"id_token":{"acr":{"values":["gold"]}}})").contains("code")) << "a wish fails nothing";
  EXPECT_EQ(ask(gold, {{"prompt", "none"}}).at("error"), "login_required") << "the session has no acr";
  const auto refused = sign_in(gold);
  EXPECT_EQ(refused.at("error"), "unmet_authentication_requirements");
  EXPECT_EQ(refused.at("state"), "app-state");
  EXPECT_EQ(count("grants"), 1);

  provider_claims["acr"] = "silver";
  EXPECT_EQ(sign_in(gold).at("error"), "unmet_authentication_requirements");
  provider_claims["acr"] = "platinum";
  const auto answer = sign_in(gold);
  EXPECT_EQ(claims_of(json::parse(redeem(answer.at("code")).body)).at("acr"), "platinum");
  EXPECT_TRUE(ask(gold, {{"prompt", "none"}}).contains("code"));
}

TEST_F(Claims, WhatIsMalformedIsToldToTheApplication) {
  const auto answer = ask(R"({"id_token":{"email":true}})");
  EXPECT_EQ(answer.at("error"), "invalid_request");
  EXPECT_EQ(answer.at("state"), "app-state");
  EXPECT_EQ(ask(std::string(5000, ' ') + "{}").at("error"), "invalid_request");
}

TEST_F(Claims, ThirdPartyApplicationsAskForScopesOnly) {
  change_client(client_id, {{"is_first_party", false}});
  const auto answer = ask(R"({"id_token":{"email":null}})", {{"code_challenge", std::string(43, 'c')},
                                                            {"code_challenge_method", "S256"}});
  EXPECT_EQ(answer.at("error_description"), "third-party applications may not send claims");
}

}  // namespace
}  // namespace symbolon::flows
