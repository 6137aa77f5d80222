#include <gtest/gtest.h>

#include "oidc/authorize_sample.h"

// What /authorize refuses towards the application, through its callback.
namespace symbolon::oidc {
namespace {

using model::OAuthCode;

struct Spoiled {
  const char* name;
  void (*spoil)(Sample&);
  OAuthCode want;
  const char* description;
};

const Spoiled kSpoiled[] = {
    {"a parameter twice", [](Sample& s) { s.parameters.emplace_back("scope", "email"); }, OAuthCode::invalid_request,
     "parameter given more than once: scope"},
    {"claims that are no JSON", [](Sample& s) { s.set("claims", "email"); }, OAuthCode::invalid_request,
     "claims is not a JSON object: not valid JSON in UTF-8 at byte 0"},
    {"a section of claims that is no object", [](Sample& s) { s.set("claims", R"({"id_token":[]})"); },
     OAuthCode::invalid_request, "claims has a member id_token that is no object"},
    {"state twice", [](Sample& s) { s.parameters.emplace_back("state", "s2"); }, OAuthCode::invalid_request,
     "parameter given more than once: state"},
    {"long state", [](Sample& s) { s.set("state", std::string(4097, 's')); }, OAuthCode::invalid_request,
     "state is longer than 4096 bytes"},
    {"long nonce", [](Sample& s) { s.set("nonce", std::string(4097, 'n')); }, OAuthCode::invalid_request,
     "nonce is longer than 4096 bytes"},
    {"long login_hint", [](Sample& s) { s.set("login_hint", std::string(256, 'l')); }, OAuthCode::invalid_request,
     "login_hint is longer than 255 characters"},
    {"request_uri", [](Sample& s) { s.set("request_uri", "https://evil.example/r"); },
     OAuthCode::request_uri_not_supported, "the request_uri parameter is not supported"},
    {"no response_type", [](Sample& s) { s.drop("response_type"); }, OAuthCode::invalid_request,
     "response_type is missing"},
    {"unknown response_type", [](Sample& s) { s.set("response_type", "code none"); },
     OAuthCode::unsupported_response_type, "unknown response_type"},
    {"response_type member twice", [](Sample& s) { s.set("response_type", "code code"); },
     OAuthCode::unsupported_response_type, "unknown response_type"},
    {"code without the grant", [](Sample& s) { s.client.grant_types = {"implicit"}; }, OAuthCode::unauthorized_client,
     "the client may not use the authorization_code grant"},
    {"token without the grant", [](Sample& s) { s.set("response_type", "token"); }, OAuthCode::unauthorized_client,
     "the client may not use the implicit grant"},
    {"hybrid without the implicit grant", [](Sample& s) { s.set("response_type", "code id_token"); },
     OAuthCode::unauthorized_client, "the client may not use the implicit grant"},
    {"hybrid without the code grant",
     [](Sample& s) {
       s.set("response_type", "id_token code");
       s.client.grant_types = {"implicit"};
     },
     OAuthCode::unauthorized_client, "the client may not use the authorization_code grant"},
    {"unknown response_mode", [](Sample& s) { s.set("response_mode", "jwt"); }, OAuthCode::invalid_request,
     "unknown response_mode"},
    {"tokens in the query",
     [](Sample& s) {
       s.set("response_type", "id_token");
       s.set("response_mode", "query");
       s.client.grant_types = {"implicit"};
     },
     OAuthCode::invalid_request, "response_mode=query is not allowed for this response_type"},
    {"web message to a third party's callback",
     [](Sample& s) {
       s.set("response_mode", "web_message");
       s.client.first_party = false;
     },
     OAuthCode::invalid_request, "the origin of redirect_uri may not receive web messages"},
    {"plain PKCE", [](Sample& s) { s.set("code_challenge_method", "plain"); }, OAuthCode::invalid_request,
     "code_challenge with S256 is required"},
    {"no PKCE method", [](Sample& s) { s.drop("code_challenge_method"); }, OAuthCode::invalid_request,
     "code_challenge with S256 is required"},
    {"PKCE method in another case", [](Sample& s) { s.set("code_challenge_method", "s256"); },
     OAuthCode::invalid_request, "code_challenge with S256 is required"},
    {"method without challenge", [](Sample& s) { s.drop("code_challenge"); }, OAuthCode::invalid_request,
     "code_challenge with S256 is required"},
    {"short challenge", [](Sample& s) { s.set("code_challenge", "abc"); }, OAuthCode::invalid_request,
     "code_challenge is malformed"},
    {"id_token without nonce",
     [](Sample& s) {
       s.set("response_type", "code id_token");
       s.client.grant_types = {"authorization_code", "implicit"};
       s.drop("nonce");
     },
     OAuthCode::invalid_request, "nonce is required when an ID token comes from the authorization endpoint"},
    {"id_token without openid",
     [](Sample& s) {
       s.set("response_type", "id_token");
       s.client.grant_types = {"implicit"};
       s.set("scope", "profile");
     },
     OAuthCode::invalid_request, "an ID token needs the scope openid"},
    {"prompt none and login", [](Sample& s) { s.set("prompt", "none login"); }, OAuthCode::invalid_request,
     "prompt=none excludes every other prompt"},
    {"negative max_age", [](Sample& s) { s.set("max_age", "-1"); }, OAuthCode::invalid_request,
     "max_age is not a whole number of seconds"},
    {"max_age with text", [](Sample& s) { s.set("max_age", "10s"); }, OAuthCode::invalid_request,
     "max_age is not a whole number of seconds"},
    {"max_age with a fraction", [](Sample& s) { s.set("max_age", "1.5"); }, OAuthCode::invalid_request,
     "max_age is not a whole number of seconds"},
    {"unknown audience", [](Sample& s) { s.audience = "https://api.example.com/\""; }, OAuthCode::access_denied,
     "Service not found: https://api.example.com/?"},
    {"API with a symmetric key",
     [](Sample& s) {
       s.with_api("https://api.example.com/", {});
       s.api->api.signing_algorithm = "HS256";
     },
     OAuthCode::server_error, "the API is set to tokens signed with HS256; set it to RS256, PS256 or ES256"},
    {"API closed to people",
     [](Sample& s) {
       s.with_api("https://api.example.com/", {});
       s.api->api.user_policy = "deny_all";
     },
     OAuthCode::access_denied,
     "Client is not authorized to access \"https://api.example.com/\". You need to create a \"client-grant\" "
     "associated "
     "to this API."},
    {"client with a symmetric key", [](Sample& s) { s.client.id_token_algorithm = "HS256"; }, OAuthCode::server_error,
     "the application is set to tokens signed with HS256; set it to RS256, PS256 or ES256"},
    {"101 scopes",
     [](Sample& s) {
       std::string scope;
       for (int i = 0; i < 101; ++i) scope += "s" + std::to_string(i) + " ";
       s.set("scope", scope);
     },
     OAuthCode::invalid_request, "scope has more than 100 values"},
    {"unknown scope where they are refused",
     [](Sample& s) {
       s.tenant.strict_scopes = true;
       s.set("scope", "openid read:x");
     },
     OAuthCode::invalid_scope, "unknown scope: read:x"},
    {"organization", [](Sample& s) { s.set("organization", "org_1"); }, OAuthCode::invalid_request,
     "organizations are not enabled"},
    {"authorization_details", [](Sample& s) { s.set("authorization_details", "[]"); }, OAuthCode::invalid_request,
     "authorization_details are not supported"},
    {"foreign id_token_hint", [](Sample& s) { s.set("id_token_hint", "e30.e30.x"); }, OAuthCode::invalid_request,
     "id_token_hint is not an ID token that this client got here"},
    {"client that must push", [](Sample& s) { s.client.require_par = true; }, OAuthCode::invalid_request,
     "the client must push its authorization requests"},
    {"client that must sign", [](Sample& s) { s.client.require_signed_request = true; }, OAuthCode::invalid_request,
     "the client must sign its authorization requests"},
};

TEST(AuthorizeRequest, RefusesARequestWithOneThingWrong) {
  for (const Spoiled& row : kSpoiled) {
    SCOPED_TRACE(row.name);
    Sample sample;
    row.spoil(sample);
    const auto [error, request] = judge(sample);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, row.want);
    EXPECT_EQ(error->description, row.description);
  }
}

TEST(AuthorizeRequest, T31ClientsWithoutASecretOfTheirOwnNeedPkce) {
  const std::pair<const char*, void (*)(Sample&)> kNeedy[] = {
      {"public", [](Sample& s) { s.client.auth = model::ClientAuthMethod::none; }},
      {"third party", [](Sample& s) { s.client.first_party = false; }},
      {"native with a secret", [](Sample& s) { s.client.app_type = "native"; }},
  };
  for (const auto& [name, make] : kNeedy) {
    SCOPED_TRACE(name);
    Sample sample;
    make(sample);
    EXPECT_FALSE(judge(sample).error);
    sample.drop("code_challenge");
    sample.drop("code_challenge_method");
    const auto error = judge(sample).error;
    ASSERT_TRUE(error);
    EXPECT_EQ(error->description, "code_challenge with S256 is required");
  }
}

TEST(AuthorizeRequest, ThirdPartiesMayNotSendWhatSteersTheLogin) {
  for (const char* name : {"claims", "connection_scope", "id_token_hint", "invitation", "screen_hint"}) {
    Sample sample;
    sample.hinted_subject = "oidc|a|1";
    sample.set(name, "{}");
    EXPECT_FALSE(judge(sample).error) << name;
    sample.client.first_party = false;
    const auto error = judge(sample).error;
    ASSERT_TRUE(error) << name;
    EXPECT_EQ(error->description, std::string("third-party applications may not send ") + name);
  }
}

TEST(AuthorizeRequest, ARefusalKeepsStateAndMode) {
  Sample sample;
  sample.set("response_type", "token");
  sample.set("state", "the state");
  const auto [error, request] = judge(sample);
  ASSERT_TRUE(error);
  EXPECT_EQ(request.state, "the state");
  EXPECT_EQ(request.response_mode, "fragment");
}

TEST(AuthorizeRequest, AStateThatIsTooLongOrAmbiguousIsNotEchoed) {
  Sample sample;
  sample.parameters.emplace_back("state", "other");
  EXPECT_EQ(judge(sample).request.state, "");
  Sample large;
  large.set("state", std::string(5000, 's'));
  EXPECT_EQ(judge(large).request.state, "");
}

}  // namespace
}  // namespace symbolon::oidc
