#include "oidc/authorize_request.h"

#include <gtest/gtest.h>

#include "oidc/authorize_sample.h"

namespace symbolon::oidc {
namespace {

using model::OAuthCode;

TEST(AuthorizeRequest, AcceptsTheSampleAndReadsAllOfIt) {
  const auto [error, request] = judge(Sample());
  ASSERT_FALSE(error) << error->description;
  EXPECT_EQ(request.client.str(), "web");
  EXPECT_EQ(request.redirect_uri, "https://app.example.com/cb");
  EXPECT_TRUE(request.redirect_uri_was_sent);
  EXPECT_EQ(request.response_type, "code");
  EXPECT_EQ(request.response_mode, "query");
  EXPECT_EQ(request.scope, (std::vector<std::string>{"openid", "profile"}));
  EXPECT_EQ(request.state, "s 1");
  EXPECT_EQ(request.nonce, "n-1");
  EXPECT_EQ(request.code_challenge, kSampleChallenge);
  EXPECT_EQ(request.code_challenge_method, "S256");
}

TEST(AuthorizeRequest, AConfidentialClientMayGoWithoutPkce) {
  Sample sample;
  sample.drop("code_challenge");
  sample.drop("code_challenge_method");
  EXPECT_FALSE(judge(sample).error);
}

TEST(AuthorizeRequest, PkceIsAboutCodesOnly) {
  Sample sample;
  sample.client.auth = model::ClientAuthMethod::none;
  sample.client.grant_types = {"implicit"};
  sample.set("response_type", "id_token");
  sample.drop("code_challenge");
  sample.drop("code_challenge_method");
  EXPECT_FALSE(judge(sample).error);
}

TEST(AuthorizeRequest, SortsResponseTypesAndChoosesTheMode) {
  const std::tuple<const char*, const char*, const char*, const char*> kRows[] = {
      {"code", "", "code", "query"},
      {"code", "fragment", "code", "fragment"},
      {"code", "form_post", "code", "form_post"},
      {"code", "web_message", "code", "web_message"},
      {"token", "", "token", "fragment"},
      {"id_token token", "", "id_token token", "fragment"},
      {"token id_token code", "form_post", "code id_token token", "form_post"},
      {"id_token code", "", "code id_token", "fragment"},
  };
  for (const auto& [sent, mode, type, want] : kRows) {
    SCOPED_TRACE(sent);
    Sample sample;
    sample.client.grant_types = {"authorization_code", "implicit"};
    sample.set("response_type", sent);
    sample.set("response_mode", mode);
    const auto [error, request] = judge(sample);
    ASSERT_FALSE(error) << error->description;
    EXPECT_EQ(request.response_type, type);
    EXPECT_EQ(request.response_mode, want);
  }
}

TEST(AuthorizeRequest, DropsUnknownScopesAndIgnoresUnknownParameters) {
  Sample sample;
  sample.set("scope", "openid read:x openid  email urn:zitadel:iam:other address offline_access");
  sample.set("auth0Client", "eyJ9");
  sample.set("ext-shop", "1");
  sample.set("prompt", "create");
  const auto [error, request] = judge(sample);
  ASSERT_FALSE(error);
  EXPECT_EQ(request.scope, (std::vector<std::string>{"openid", "email", "address"}));
  EXPECT_TRUE(request.prompt.empty());
}

TEST(AuthorizeRequest, OfflineAccessIsGrantedWhereARefreshTokenWillCome) {
  const auto scope_for = [](const char* response_type, std::vector<std::string> grants) {
    Sample sample;
    sample.client.grant_types = std::move(grants);
    sample.set("scope", "openid offline_access");
    sample.set("response_type", response_type);
    const auto [error, request] = judge(sample);
    EXPECT_FALSE(error) << error->description;
    return request.scope;
  };
  const std::vector<std::string> granted{"openid", "offline_access"}, not_granted{"openid"};
  EXPECT_EQ(scope_for("code", {"authorization_code", "refresh_token"}), granted);
  EXPECT_EQ(scope_for("code", {"authorization_code"}), not_granted);
  EXPECT_EQ(scope_for("id_token", {"implicit", "refresh_token"}), not_granted);
  EXPECT_EQ(scope_for("code id_token", {"authorization_code", "implicit", "refresh_token"}), granted);

  Sample both;
  both.set("scope", "openid offline_access online_access");
  EXPECT_EQ(judge(both).error->code, OAuthCode::invalid_request);
}

TEST(AuthorizeRequest, GrantsTheScopesOfTheApi) {
  Sample sample;
  sample.with_api("https://api.example.com/", {"read:x", "write:x"});
  sample.set("scope", "openid read:x read:y");
  const auto [error, request] = judge(sample);
  ASSERT_FALSE(error);
  EXPECT_EQ(request.audience, "https://api.example.com/");
  EXPECT_EQ(request.scope, (std::vector<std::string>{"openid", "read:x"}));
}

TEST(AuthorizeRequest, ReadsPromptMaxAgeAndTheHint) {
  Sample sample;
  sample.set("prompt", "login consent login");
  sample.set("max_age", "99999999999999999999999");
  sample.set("id_token_hint", "x");
  sample.hinted_subject = "oidc|a|1";
  const auto [error, request] = judge(sample);
  ASSERT_FALSE(error);
  EXPECT_EQ(request.prompt, (std::vector<std::string>{"login", "consent"}));
  EXPECT_EQ(request.max_age, std::chrono::hours(24 * 366));
  EXPECT_EQ(request.subjects, std::vector<std::string>{"oidc|a|1"});
  sample.set("max_age", "0");
  EXPECT_EQ(judge(sample).request.max_age, std::chrono::seconds(0));
}

TEST(AuthorizeRequest, ReadsClaims) {
  Sample sample;
  sample.set("claims", R"({"id_token":{"email":null,"sub":{"value":"oidc|a|1"},"acr":{"value":"gold"}},
                           "userinfo":{"address":null}})");
  const auto [error, request] = judge(sample);
  ASSERT_FALSE(error) << error->description;
  EXPECT_EQ(request.claims, (model::RequestedClaims{{"email"}, {"address"}}));
  EXPECT_EQ(request.subjects, std::vector<std::string>{"oidc|a|1"});
  EXPECT_EQ(request.acr_values, "gold");
  EXPECT_TRUE(request.required_acr.empty());
  EXPECT_EQ(request.passed_on.back(), (Parameters::value_type{"acr_values", "gold"}));

  sample.set("claims", R"({"id_token":{"acr":{"essential":true,"values":["gold","mfa"]}}})");
  EXPECT_EQ(judge(sample).request.required_acr, (std::vector<std::string>{"gold", "mfa"}));
  EXPECT_EQ(judge(sample).request.acr_values, "gold mfa");
  sample.set("acr_values", "silver");
  EXPECT_EQ(judge(sample).request.acr_values, "silver");

  sample.set("scope", "profile");  // without openid it is no OpenID Connect request
  EXPECT_TRUE(judge(sample).request.claims.empty());
  EXPECT_TRUE(judge(sample).request.required_acr.empty());
}

TEST(AuthorizeRequest, AHintAndClaimsMustMeanTheSamePerson) {
  Sample sample;
  sample.set("id_token_hint", "x");
  sample.hinted_subject = "oidc|a|1";
  sample.set("claims", R"({"id_token":{"sub":{"values":["oidc|a|2","oidc|a|1"]}}})");
  EXPECT_EQ(judge(sample).request.subjects, std::vector<std::string>{"oidc|a|1"});
  sample.set("claims", R"({"id_token":{"sub":{"value":"oidc|a|2"}}})");
  EXPECT_EQ(judge(sample).error->code, OAuthCode::login_required);
  sample.set("claims", R"({"id_token":{"sub":{"value":"a"}},"userinfo":{"sub":{"value":"b"}}})");
  sample.drop("id_token_hint");
  sample.hinted_subject.reset();
  EXPECT_EQ(judge(sample).error->code, OAuthCode::login_required);
}

TEST(AuthorizeRequest, ARealmNamesAConnectionWhenItIsOne) {
  Sample sample;
  sample.set("realm", "acme");
  EXPECT_EQ(judge(sample).request.connection, "");
  sample.realm_is_connection = true;
  EXPECT_EQ(judge(sample).request.connection, "acme");
  sample.set("connection", "other");
  EXPECT_EQ(judge(sample).request.connection, "other");
}

TEST(AuthorizeRequest, KeepsWhatAnUpstreamAliasMayPassOn) {
  Sample sample;
  sample.set("ui_locales", "fr");
  sample.set("acr_values", "high");
  const auto request = judge(sample).request;
  EXPECT_EQ(
      request.passed_on,
      (Parameters{{"acr_values", "high"}, {"client_id", "web"}, {"response_type", "code"}, {"ui_locales", "fr"}}));
}

}  // namespace
}  // namespace symbolon::oidc
