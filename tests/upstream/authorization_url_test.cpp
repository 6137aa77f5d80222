#include "upstream/authorization_url.h"

#include <gtest/gtest.h>

#include "http/form.h"
#include "http/url.h"
#include "jose/pkce.h"
#include "support/counter_random.h"
#include "upstream/sample_connection.h"

namespace symbolon::upstream {
namespace {

const http::Site kSite{TenantId("default"), "https://login.example", "login.example", true};

Departure leave(const model::Connection& connection, const model::AuthorizationRequest& request = {},
                bool without_prompt = false) {
  CounterRandom random;
  auto departure = depart(connection, kSite, request, "STATE", without_prompt, random);
  EXPECT_TRUE(departure.has_value());
  return departure ? *departure : Departure();
}

http::Form parameters(const Departure& departure) {
  const auto url = http::parse_url(departure.url);
  EXPECT_TRUE(url && url->query) << departure.url;
  auto form = http::Form::parse(url->query.value_or(""));
  EXPECT_TRUE(form.has_value());
  return *form;
}

http::Form sent(const model::Connection& connection, const model::AuthorizationRequest& request = {},
                bool without_prompt = false) {
  return parameters(leave(connection, request, without_prompt));
}

TEST(AuthorizationUrl, AsksTheBackChannelForACode) {
  const Departure departure = leave(back_channel());
  const http::Form form = parameters(departure);
  EXPECT_TRUE(departure.url.starts_with("https://idp.example/authorize?"));
  EXPECT_EQ(form.get("response_type"), "code");
  EXPECT_FALSE(form.mentions("response_mode"));
  EXPECT_EQ(form.get("client_id"), "client-1");
  EXPECT_EQ(form.get("redirect_uri"), "https://login.example/login/callback");
  EXPECT_EQ(form.get("scope"), "openid profile email");
  EXPECT_EQ(form.get("state"), "STATE");
  EXPECT_EQ(form.get("nonce"), departure.nonce);
  EXPECT_EQ(departure.nonce.size(), 43u);
  EXPECT_EQ(form.get("code_challenge_method"), "S256");
  EXPECT_EQ(departure.challenge_method, "S256");
  EXPECT_EQ(departure.verifier.size(), 43u);
  EXPECT_TRUE(jose::matches_challenge(form.get("code_challenge"), departure.verifier));
  EXPECT_NE(departure.nonce, departure.verifier);
}

TEST(AuthorizationUrl, AsksTheFrontChannelForAnIdTokenByPost) {
  const Departure departure = leave(front_channel());
  const http::Form form = parameters(departure);
  EXPECT_EQ(form.get("response_type"), "id_token");
  EXPECT_EQ(form.get("response_mode"), "form_post");
  EXPECT_EQ(form.get("nonce"), departure.nonce);
  EXPECT_EQ(departure.nonce.size(), 43u);
  EXPECT_FALSE(form.mentions("code_challenge"));
  EXPECT_EQ(departure.verifier, "");
}

TEST(AuthorizationUrl, ChoosesPkceByTheTable) {
  struct Row {
    const char* setting;
    const char* s256;
    const char* plain_only;
    const char* unknown;
  } const rows[] = {
      {"auto", "S256", "plain", ""},
      {"S256", "S256", "S256", "S256"},
      {"plain", "plain", "plain", "plain"},
      // Design §8: PKCE that the provider offers is used although it is disabled.
      {"disabled", "S256", "", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.setting);
    const std::string options = std::string(R"({"connection_settings":{"pkce":")") + row.setting + "\"}}";
    const auto method = [&](const char* metadata) { return leave(back_channel(options, metadata)).challenge_method; };
    EXPECT_EQ(method("{}"), row.s256);
    EXPECT_EQ(method(R"({"code_challenge_methods_supported":["plain"]})"), row.plain_only);
    EXPECT_EQ(method(R"({"code_challenge_methods_supported":null})"), row.unknown);
  }
}

TEST(AuthorizationUrl, SendsAPlainChallengeAsItIs) {
  const Departure departure = leave(back_channel(R"({"connection_settings":{"pkce":"plain"}})"));
  EXPECT_EQ(parameters(departure).get("code_challenge"), departure.verifier);
  EXPECT_EQ(parameters(departure).get("code_challenge_method"), "plain");
}

TEST(AuthorizationUrl, SendsNoNonceWhenToldNotTo) {
  EXPECT_FALSE(sent(back_channel(R"({"send_back_channel_nonce":false})")).mentions("nonce"));
  EXPECT_TRUE(sent(back_channel(R"({"send_back_channel_nonce":true})")).has("nonce"));
  EXPECT_EQ(leave(back_channel(R"({"send_back_channel_nonce":false})")).nonce, "");
  EXPECT_TRUE(sent(front_channel(R"({"send_back_channel_nonce":false})")).has("nonce"));
}

TEST(AuthorizationUrl, JoinsScopesWithOpenidFirst) {
  model::AuthorizationRequest request;
  request.connection_scope = "offline_access,calendar email";
  const auto connection = back_channel(
      R"({"scope":"email openid","attribute_map":{"mapping_mode":"use_map","userinfo_scope":"phone email","attributes":{}}})");
  EXPECT_EQ(sent(connection, request).get("scope"), "openid email phone offline_access calendar");
  EXPECT_EQ(sent(back_channel(), request).get("scope"), "openid profile email offline_access calendar");
}

TEST(AuthorizationUrl, KeepsTheEndpointsOwnQuery) {
  const auto connection =
      back_channel("{}", R"({"authorization_endpoint":"https://idp.example/authorize?p=b2c_1&x=%20"})");
  EXPECT_TRUE(leave(connection).url.starts_with("https://idp.example/authorize?p=b2c_1&x=%20&client_id=client-1&"));
}

TEST(AuthorizationUrl, ForwardsHintPromptAndMaxAge) {
  model::AuthorizationRequest request;
  request.login_hint = "ada@example.com";
  request.prompt = {"login", "consent"};
  request.max_age = std::chrono::seconds(0);
  const Departure departure = leave(back_channel(), request);
  const http::Form form = parameters(departure);
  EXPECT_EQ(form.get("login_hint"), "ada@example.com");
  EXPECT_EQ(form.get("prompt"), "login");
  EXPECT_EQ(form.get("max_age"), "0");
  EXPECT_TRUE(departure.prompt_sent);
  EXPECT_TRUE(departure.max_age_sent);

  request.prompt = {"select_account"};
  request.max_age.reset();
  const Departure other = leave(back_channel(), request);
  EXPECT_FALSE(parameters(other).mentions("prompt"));
  EXPECT_FALSE(other.prompt_sent);
  EXPECT_FALSE(other.max_age_sent);
}

TEST(AuthorizationUrl, SendsTheConnectionsOwnCallbackAddress) {
  for (const char* path : {"/login/callback", "/ui/login/login/externalidp/callback", "/idps/callback"}) {
    const auto connection = back_channel(R"({"callback_path":")" + std::string(path) + "\"}");
    EXPECT_EQ(sent(connection).get("redirect_uri"), std::string("https://login.example") + path);
  }
}

TEST(AuthorizationUrl, AsksForAnAccountWhereNothingElseSaysWhatToAsk) {
  const auto asking = [](const std::string& more = "") { return back_channel(R"({"send_prompt":true)" + more + "}"); };
  EXPECT_EQ(sent(asking()).get("prompt"), "select_account");
  EXPECT_TRUE(leave(asking()).prompt_sent) << "else it would not be retried without";
  EXPECT_TRUE(leave(asking()).prompt_added);
  EXPECT_FALSE(leave(asking(), {}, true).prompt_added);
  EXPECT_FALSE(sent(back_channel(R"({"send_prompt":false})")).mentions("prompt"));
  EXPECT_FALSE(sent(asking(), {}, true).mentions("prompt")) << "the retry";

  model::AuthorizationRequest request;
  request.prompt = {"login"};
  EXPECT_EQ(sent(asking(), request).get("prompt"), "login");
  EXPECT_FALSE(leave(asking(), request).prompt_added);
  request.prompt = {"select_account"};
  EXPECT_EQ(sent(asking(), request).get("prompt"), "select_account");
  EXPECT_FALSE(leave(asking(), request).prompt_added) << "the application wants it as well";
  request.prompt = {"consent"};
  EXPECT_TRUE(leave(asking(), request).prompt_added) << "that is ours to ask";
  request.prompt = {"none"};
  EXPECT_FALSE(sent(asking(), request).mentions("prompt"));
  request.prompt.clear();
  request.login_hint = "ada@example.com";
  EXPECT_FALSE(sent(asking(), request).mentions("prompt"));
  EXPECT_EQ(sent(asking(R"(,"upstream_params":{"login_hint":null})"), request).get("prompt"), "select_account")
      << "the hint is not sent either";

  const auto with_rule = [&](const char* rule) {
    return sent(asking(R"(,"upstream_params":{)" + std::string(rule) + "}"));
  };
  EXPECT_EQ(with_rule(R"("prompt":{"value":"consent"})").get("prompt"), "consent");
  EXPECT_FALSE(leave(asking(R"(,"upstream_params":{"prompt":{"value":"select_account"}})")).prompt_added);
  EXPECT_EQ(with_rule(R"("prompt":{"alias":"prompt"})").get("prompt"), "select_account");
  EXPECT_FALSE(with_rule(R"("prompt":null)").mentions("prompt"));
  EXPECT_FALSE(with_rule(R"("login_hint":{"value":"guest"})").mentions("prompt"));
}

TEST(AuthorizationUrl, LeavesPromptOutOfTheRetry) {
  model::AuthorizationRequest request;
  request.prompt = {"login"};
  const Departure departure = leave(back_channel(R"({"upstream_params":{"prompt":{"value":"none"}}})"), request, true);
  EXPECT_FALSE(parameters(departure).mentions("prompt"));
  EXPECT_FALSE(departure.prompt_sent);
}

TEST(AuthorizationUrl, AppliesUpstreamParams) {
  model::AuthorizationRequest request;
  request.client = ClientId("app-1");
  request.login_hint = "ada";
  request.prompt = {"login"};
  request.max_age = std::chrono::seconds(60);
  request.ui_locales = "fr en";
  request.acr_values = "gold";
  request.audience = "https://api.example";
  request.response_mode = "web_message";
  request.passed_on = {{"resource", "https://r.example"}, {"acr_values", "silver"}};
  const auto connection = back_channel(R"({"upstream_params":{
    "access_type":{"value":"offline"},"login_hint":null,"prompt":{"value":"consent"},"max_age":null,
    "lang":{"alias":"ui_locales"},"acr_values":{"alias":"acr_values"},"for":{"alias":"client_id"},
    "aud":{"alias":"audience"},"resource":{"alias":"resource"},"display":{"alias":"display"},
    "response_mode":{"alias":"response_mode"}}})");
  const Departure departure = leave(connection, request);
  const http::Form form = parameters(departure);
  EXPECT_EQ(form.get("access_type"), "offline");
  EXPECT_FALSE(form.mentions("login_hint"));
  EXPECT_EQ(form.get("prompt"), "consent");
  EXPECT_FALSE(form.mentions("max_age"));
  EXPECT_FALSE(departure.max_age_sent);
  EXPECT_EQ(form.get("lang"), "fr en");
  EXPECT_EQ(form.get("acr_values"), "silver");
  EXPECT_EQ(form.get("for"), "app-1");
  EXPECT_EQ(form.get("aud"), "https://api.example");
  EXPECT_EQ(form.get("resource"), "https://r.example");
  EXPECT_FALSE(form.mentions("display"));
  EXPECT_FALSE(form.mentions("response_mode"));

  request.response_mode = "form_post";
  EXPECT_EQ(sent(connection, request).get("response_mode"), "form_post");
}

TEST(AuthorizationUrl, CountsMaxAgeAsSentOnlyWhenItIsTheOneThatWasAskedFor) {
  model::AuthorizationRequest request;
  request.max_age = std::chrono::seconds(60);
  EXPECT_FALSE(leave(back_channel(R"({"upstream_params":{"max_age":{"value":"3600"}}})"), request).max_age_sent);
}

TEST(AuthorizationUrl, SendsOauth2WhatWasConfigured) {
  model::AuthorizationRequest request;
  request.connection_scope = "extra more";
  request.prompt = {"login"};
  const Departure departure = leave(oauth2_connection(R"({"authParams":{"a":"b"}})"), request);
  const http::Form form = parameters(departure);
  EXPECT_EQ(form.get("response_type"), "code");
  EXPECT_EQ(form.get("scope"), "read:user user:email,extra,more");
  EXPECT_EQ(form.get("a"), "b");
  EXPECT_FALSE(form.mentions("nonce"));
  EXPECT_FALSE(form.mentions("prompt"));
  EXPECT_FALSE(form.mentions("code_challenge"));

  EXPECT_EQ(sent(oauth2_connection(R"({"useOauthSpecScope":true})"), request).get("scope"),
            "read:user user:email extra more");
  EXPECT_FALSE(sent(oauth2_connection(R"({"scope":null})")).mentions("scope"));
  EXPECT_EQ(sent(oauth2_connection(R"({"pkce_enabled":true})")).get("code_challenge_method"), "S256");
}

TEST(AuthorizationUrl, RefusesAConnectionThatMissesEndpoints) {
  CounterRandom random;
  const auto connection =
      connection_with(model::Strategy::oidc, object_of(R"({"client_id":"c","type":"back_channel"})"), {});
  const auto departure = depart(connection, kSite, {}, "STATE", false, random);
  ASSERT_FALSE(departure.has_value());
  EXPECT_EQ(departure.error().rule, "RP-2");
  EXPECT_EQ(departure.error().step, "configuration");
  EXPECT_EQ(departure.error().downstream.code, model::OAuthCode::server_error);
  EXPECT_EQ(departure.error().downstream.description,
            "connection acme is missing issuer, authorization_endpoint, token_endpoint, jwks_uri");
}

TEST(AuthorizationUrl, RefusesAUrlBeyondEightKibibytes) {
  CounterRandom random;
  model::AuthorizationRequest request;
  request.login_hint = std::string(7000, 'x');
  EXPECT_TRUE(depart(back_channel(), kSite, request, "STATE", false, random).has_value());
  request.login_hint = std::string(8192, 'x');
  const auto departure = depart(back_channel(), kSite, request, "STATE", false, random);
  ASSERT_FALSE(departure.has_value());
  EXPECT_EQ(departure.error().rule, "RP-33");
}

}  // namespace
}  // namespace symbolon::upstream
