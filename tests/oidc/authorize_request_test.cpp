#include "oidc/authorize_request.h"

#include <gtest/gtest.h>

namespace symbolon::oidc {
namespace {

using model::OAuthCode;

constexpr const char* kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

using Parameters = std::vector<std::pair<std::string, std::string>>;

// A request that is accepted as it is, and everything that it is judged by. Tests change one thing.
struct Sample {
  Parameters parameters{{"client_id", "web"},
                        {"redirect_uri", "https://app.example.com/cb"},
                        {"response_type", "code"},
                        {"scope", "openid profile"},
                        {"state", "s 1"},
                        {"nonce", "n-1"},
                        {"code_challenge", kChallenge},
                        {"code_challenge_method", "S256"}};
  model::Tenant tenant;
  model::Client client;
  std::string audience;
  std::optional<ApiAccess> api;
  std::optional<std::string> hinted_subject;
  bool realm_is_connection = false;

  Sample() {
    client.id = ClientId("web");
    client.app_type = "regular_web";
    client.callbacks = {"https://app.example.com/cb"};
    client.grant_types = {"authorization_code"};
  }

  void set(const std::string& name, std::string value) {
    for (auto& [known, old] : parameters)
      if (known == name) {
        old = std::move(value);
        return;
      }
    parameters.emplace_back(name, std::move(value));
  }
  void drop(const std::string& name) {
    std::erase_if(parameters, [&](const auto& parameter) { return parameter.first == name; });
  }
  void with_api(std::string identifier, std::vector<std::string> scopes) {
    api.emplace();
    api->api.identifier = audience = std::move(identifier);
    api->api.scopes = std::move(scopes);
  }

  AuthorizeParameters parsed() const {
    http::Request request;
    request.query = http::encode_form(parameters);
    return parse_authorize_parameters(request).value();
  }
};

struct Judgement {
  std::optional<model::OAuthError> error;
  model::AuthorizationRequest request;
};

Judgement judge(const Sample& sample) {
  const AuthorizeParameters parameters = sample.parsed();
  const auto redirect = trust_redirect(parameters, sample.client);
  if (!redirect) throw std::logic_error("the sample's redirect_uri must be trusted");
  const AuthorizeContext context{.tenant = sample.tenant,
                                 .client = sample.client,
                                 .audience = sample.audience,
                                 .api = sample.api,
                                 .hinted_subject = sample.hinted_subject,
                                 .realm_is_connection = sample.realm_is_connection};
  Judgement result{{}, return_address(parameters, sample.client, *redirect)};
  result.error = check_authorize_request(parameters, context, *redirect, result.request);
  return result;
}

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
  EXPECT_EQ(request.code_challenge, kChallenge);
  EXPECT_EQ(request.code_challenge_method, "S256");
}

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

TEST(AuthorizeRequest, ThirdPartiesMayNotSendWhatSteersTheLogin) {
  for (const char* name : {"claims", "id_token_hint", "invitation", "screen_hint"}) {
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

// First phase: everything here ends on a page.

PageRefusal refusal_of(const Sample& sample) {
  const auto parameters = sample.parsed();
  const auto redirect = trust_redirect(parameters, sample.client);
  if (redirect) throw std::logic_error("was trusted");
  return redirect.error();
}

TEST(TrustRedirect, E1AnUnknownClientGetsAPage) {
  Sample sample;
  sample.drop("client_id");
  EXPECT_EQ(refusal_of(sample).status, 400);
  const auto unknown = trust_redirect(Sample().parsed(), std::nullopt);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().status, 400);
  EXPECT_EQ(unknown.error().error.code, OAuthCode::invalid_request);
  EXPECT_FALSE(unknown.error().callback_mismatch);
}

TEST(TrustRedirect, TheGlobalClientIsNobody) {
  Sample sample;
  sample.client.global = true;
  EXPECT_EQ(refusal_of(sample).status, 400);
}

TEST(TrustRedirect, E2AForeignRedirectGetsAPage) {
  Sample sample;
  sample.set("redirect_uri", "https://evil.example/cb");
  const auto refusal = refusal_of(sample);
  EXPECT_EQ(refusal.status, 403);
  EXPECT_EQ(refusal.error.code, OAuthCode::unauthorized_client);
  EXPECT_TRUE(refusal.callback_mismatch);
}

TEST(TrustRedirect, AmbiguityAboutWhoAndWhereGetsAPage) {
  Sample twice;
  twice.parameters.emplace_back("redirect_uri", "https://app.example.com/cb");
  EXPECT_EQ(refusal_of(twice).status, 400);
  Sample two_clients;
  two_clients.parameters.emplace_back("client_id", "web");
  EXPECT_EQ(refusal_of(two_clients).status, 400);
}

TEST(TrustRedirect, TheSoleCallbackStandsIn) {
  Sample sample;
  sample.drop("redirect_uri");
  const auto [error, request] = judge(sample);
  ASSERT_FALSE(error);
  EXPECT_EQ(request.redirect_uri, "https://app.example.com/cb");
  EXPECT_FALSE(request.redirect_uri_was_sent);
  sample.client.callbacks.push_back("https://app.example.com/cb2");
  EXPECT_EQ(refusal_of(sample).status, 403);
}

TEST(ParseAuthorizeParameters, ReadsQueryOrPostedFormWithinLimits) {
  http::Request get;
  get.query = "client_id=a&state=";
  EXPECT_EQ(parse_authorize_parameters(get)->form.get("client_id"), "a");
  EXPECT_FALSE(parse_authorize_parameters(get)->form.has("state"));
  get.query = "x=" + std::string(16 * 1024, 'y');
  EXPECT_EQ(parse_authorize_parameters(get).error().status, 400);
  get.query = "client_id=%zz";
  EXPECT_EQ(parse_authorize_parameters(get).error().status, 400);

  http::Request post;
  post.method = http::Method::post;
  post.query = "client_id=from-query";
  post.body = "client_id=from-body";
  EXPECT_FALSE(parse_authorize_parameters(post));
  post.headers.set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  EXPECT_EQ(parse_authorize_parameters(post)->form.get("client_id"), "from-body");
  post.body = "x=" + std::string(64 * 1024, 'y');
  EXPECT_FALSE(parse_authorize_parameters(post));
}

}  // namespace
}  // namespace symbolon::oidc
