#include "oidc/authorize_endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "login/failure.h"
#include "oidc/provider.h"
#include "support/fake_http_client.h"
#include "upstream/assertion_keys.h"
#include "upstream/jwks_cache.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using testing::HasSubstr;
using testing::Not;

// No connection here signs assertions.
class NoAssertionKeys final : public upstream::AssertionKeys {
 public:
  Task<std::expected<upstream::AssertionKey, std::string>> current(TenantId, ConnectionId) override {
    co_return std::unexpected("there is none");
  }
};

// The endpoint over the whole login. The browser is signed in as ada unless a test takes its cookie away.
class World : public Provider {
 public:
  http::Response authorize(const Fields& parameters, http::Method method = http::Method::get) {
    http::Request request = this->request(method, "/authorize");
    if (signed_in_browser) request.headers.set("Cookie", "__Host-bs=the-cookie");
    if (method == http::Method::post) {
      request.headers.set("Content-Type", "application/x-www-form-urlencoded");
      request.body = http::encode_form(parameters);
    } else {
      request.query = http::encode_form(parameters);
    }
    return run_task(endpoint.handle(std::move(request)));
  }

  bool signed_in_browser = true;
  FakeHttpClient outbound;
  upstream::JwksCache jwks{outbound, clock};
  NoAssertionKeys assertion_keys;
  upstream::RelyingParty relying_party{outbound, jwks, assertion_keys, box, workers, clock, random, {}};
  login::Services services{*db, box, clock, random, relying_party, responder, recent_failures};
  login::FailureReporter failures{services};
  login::AuthorizeFlow flow{services, failures};
  AuthorizeEndpoint endpoint{*db, keys, flow, clock, recent_failures};
};

Fields valid() {
  return {{"client_id", "web"},
          {"redirect_uri", "https://app.example.com/cb"},
          {"response_type", "code"},
          {"scope", "openid profile"},
          {"state", "s 1"},
          {"nonce", "n-1"},
          {"code_challenge", kChallenge},
          {"code_challenge_method", "S256"}};
}
Fields with(std::string name, std::string value) {
  Fields fields = valid();
  for (auto& [known, old] : fields)
    if (known == name) {
      old = std::move(value);
      return fields;
    }
  fields.emplace_back(std::move(name), std::move(value));
  return fields;
}
Fields without(std::string_view name) {
  Fields fields = valid();
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
  return fields;
}

TEST(AuthorizeEndpoint, SignsOnASignedInBrowserAndTheCodeWorks) {
  World world;
  const auto response = world.authorize(valid());
  ASSERT_EQ(response.status, 302) << response.body;
  EXPECT_TRUE(response.headers.get("Location").starts_with("https://app.example.com/cb?code="));
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(response.headers.get("Referrer-Policy"), "no-referrer");
  EXPECT_FALSE(response.headers.has("Access-Control-Allow-Origin"));
  EXPECT_FALSE(response.headers.has("Cross-Origin-Opener-Policy"));
  const auto answer = location_of(response);
  EXPECT_EQ(answer.get("state"), "s 1");
  EXPECT_EQ(answer.get("iss"), "https://id.example.com/");
  const auto body = json_of(world.post_token(Provider::redemption(answer.get("code"))));
  EXPECT_EQ(claims_of(text_at(body, "id_token")).at("nonce"), "n-1");
}

TEST(AuthorizeEndpoint, APostIsReadFromTheBodyAndAnsweredWith303) {
  World world;
  const auto response = world.authorize(valid(), http::Method::post);
  EXPECT_EQ(response.status, 303);
  EXPECT_TRUE(location_of(response).has("code"));
}

TEST(AuthorizeEndpoint, APromptlessRequestWithoutASessionIsRefused) {
  World world;
  world.signed_in_browser = false;
  const auto answer = location_of(world.authorize(with("prompt", "none")));
  EXPECT_EQ(answer.get("error"), "login_required");
  EXPECT_EQ(answer.get("state"), "s 1");
  EXPECT_EQ(answer.get("iss"), "https://id.example.com/");
}

TEST(AuthorizeEndpoint, SilentRenewalGetsAMessage) {
  World world;
  auto fields = with("prompt", "none");
  fields.emplace_back("response_mode", "web_message");
  const auto response = world.authorize(fields);
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("postMessage"));
  EXPECT_THAT(response.body, HasSubstr("\"code\":"));
}

TEST(AuthorizeEndpoint, E1E2NobodyIsRedirectedBeforeTheTargetIsTrusted) {
  const std::tuple<const char*, Fields, int, const char*> kRows[] = {
      {"no client_id", without("client_id"), 400, "invalid_request"},
      {"unknown client", with("client_id", "nobody"), 400, "invalid_request"},
      {"foreign redirect_uri", with("redirect_uri", "https://evil.example/cb"), 403, "unauthorized_client"},
      {"another client's redirect_uri", with("redirect_uri", "https://spa.example.com/"), 403, "unauthorized_client"},
      {"script", with("redirect_uri", "javascript:alert(1)"), 403, "unauthorized_client"},
  };
  for (const auto& [name, fields, status, error] : kRows) {
    SCOPED_TRACE(name);
    World world;
    const auto response = world.authorize(fields);
    EXPECT_EQ(response.status, status);
    EXPECT_FALSE(response.headers.has("Location"));
    EXPECT_EQ(response.headers.get("X-Frame-Options"), "DENY");
    EXPECT_THAT(std::string(response.headers.get("Content-Security-Policy")), HasSubstr("frame-ancestors 'none'"));
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
    EXPECT_THAT(response.body, HasSubstr(error));
    EXPECT_THAT(response.body, Not(HasSubstr("alert(1)")));
  }
}

TEST(AuthorizeEndpoint, APageSpeaksThePersonsLanguageAndKeepsTheCode) {
  const std::tuple<Fields, const char*, const char*> kRows[] = {
      {with("client_id", "nobody"), "client_id ne désigne aucune application", "client_id names no application"},
      {with("redirect_uri", "https://evil.example/cb"), "ne figure pas parmi les URL de rappel",
       "is not among the client"},
      {with("request_uri", "urn:ietf:params:oauth:request_uri:x"), "le request_uri est inconnu", "is unknown, expired"},
      {with("request", "e30.e30."), "l’objet de requête n’est pas valide", "the request object is not valid"},
  };
  for (Fields fields; const auto& [sent, french, english] : kRows) {
    SCOPED_TRACE(english);
    World world;
    EXPECT_THAT(world.authorize(sent).body, HasSubstr(english));
    fields = sent;
    fields.emplace_back("ui_locales", "fr-CA");
    const auto response = world.authorize(fields);
    EXPECT_THAT(response.body, HasSubstr(french));
    EXPECT_THAT(response.body, Not(HasSubstr(english)));
  }
}

TEST(AuthorizeEndpoint, TooMuchOrMalformedIsAPage) {
  World world;
  EXPECT_EQ(world.authorize(with("x", std::string(16 * 1024, 'x'))).status, 400);
  http::Request broken = world.request(http::Method::get, "/authorize");
  broken.query = "client_id=web&redirect_uri=%zz";
  const auto response = run_task(world.endpoint.handle(broken));
  EXPECT_EQ(response.status, 400);
  EXPECT_FALSE(response.headers.has("Location"));
}

TEST(AuthorizeEndpoint, E3ToE6AreToldToTheClient) {
  Fields twice = valid();
  twice.emplace_back("nonce", "n-2");
  const std::tuple<const char*, Fields, const char*> kRows[] = {
      {"E3 twice", twice, "invalid_request"},
      {"E4 not allowed", with("response_type", "none"), "unsupported_response_type"},
      {"E5 plain", with("code_challenge_method", "plain"), "invalid_request"},
      {"E6 unknown audience", with("audience", "https://nowhere.example/"), "access_denied"},
  };
  for (const auto& [name, fields, error] : kRows) {
    SCOPED_TRACE(name);
    World world;
    const auto before = world.db->statistics();
    const auto response = world.authorize(fields);
    EXPECT_EQ(response.status, 302);
    const auto answer = location_of(response);
    EXPECT_EQ(answer.get("error"), error);
    EXPECT_EQ(answer.get("state"), "s 1");
    EXPECT_EQ(answer.get("iss"), "https://id.example.com/");
    const auto after = world.db->statistics();
    EXPECT_EQ(after.units_written, before.units_written) << "a stranger's request costs no row";
    EXPECT_EQ(after.units_read - before.units_read, 1);
  }
}

TEST(AuthorizeEndpoint, APageForATokenBearingRequestIsAFragment) {
  World world;
  world.patch_client("web", {{"grant_types", {"authorization_code", "client_credentials"}}});
  const auto response = world.authorize(with("response_type", "id_token"));
  EXPECT_TRUE(response.headers.get("Location").starts_with("https://app.example.com/cb#error=unauthorized_client"));
}

TEST(AuthorizeEndpoint, T42HeadersChangeNoByte) {
  World world;
  const auto honest = world.authorize(with("prompt", "none login"));
  http::Request forged = world.request(http::Method::get, "/authorize");
  forged.query = http::encode_form(with("prompt", "none login"));
  for (const char* name : {"Host", "X-Forwarded-Host", "Forwarded", "X-Forwarded-Proto", "X-Original-URL"})
    forged.headers.set(name, "evil.example");
  EXPECT_EQ(run_task(world.endpoint.handle(forged)).headers.get("Location"), honest.headers.get("Location"));
}

TEST(AuthorizeEndpoint, AudienceComesFromParameterResourceOrTenant) {
  const auto audience_of = [](World& world, const Fields& fields) {
    const auto code = location_of(world.authorize(fields)).get("code");
    const auto token = text_at(json_of(world.post_token(Provider::redemption(code))), "access_token");
    return token.contains('.') ? bj::serialize(claims_of(token).at("aud")) : std::string("opaque");
  };
  const std::string both = R"(["https://api.example.com/","https://id.example.com/userinfo"])";
  World world;
  EXPECT_EQ(audience_of(world, valid()), "opaque");
  EXPECT_EQ(audience_of(world, with("audience", kApi)), both);
  EXPECT_EQ(audience_of(world, with("resource", kApi)), "opaque");
  world.patch_tenant({{"resource_parameter_profile", "compatibility"}});
  EXPECT_EQ(audience_of(world, with("resource", kApi)), both);
  auto twice = with("resource", kApi);
  twice.emplace_back("audience", kApi);
  EXPECT_EQ(audience_of(world, twice), both) << "the same API by both names";
  for (const char* name : {"audience", "resource"}) {
    auto two = with(name, "https://other.example/");
    two.emplace_back(name == std::string("audience") ? "resource" : "audience", kApi);
    const auto refused = location_of(world.authorize(two));
    EXPECT_EQ(refused.get("error"), "invalid_request");
    EXPECT_EQ(refused.get("error_description"), "audience and resource name two different APIs");
  }
  twice.emplace_back("resource", "https://other.example/");
  EXPECT_EQ(location_of(world.authorize(twice)).get("error_description"), "parameter given more than once: resource");
  world.patch_tenant({{"default_audience", kApi}});
  EXPECT_EQ(audience_of(world, valid()), both);
}

// RFC 6749 §4.1.2.1: error_description has neither `"` nor `\`.
TEST(AuthorizeEndpoint, NoQuotationMarkLeavesInADescription) {
  World world;
  world.add_api(R"({"id":"rs_5","identifier":"urn:closed","subject_type_authorization":{"user":{"policy":"deny_all"}}})");
  const auto refused = location_of(world.authorize(with("audience", "urn:closed")));
  EXPECT_EQ(refused.get("error"), "access_denied");
  EXPECT_TRUE(refused.get("error_description").contains("'urn:closed'")) << refused.get("error_description");
  EXPECT_FALSE(refused.get("error_description").contains('"'));
}

TEST(AuthorizeEndpoint, TheAdministrationScopeAddsItsAudience) {
  World world;
  const auto fields = with("scope", "openid urn:zitadel:iam:org:project:id:zitadel:aud urn:zitadel:iam:user:metadata");
  EXPECT_TRUE(location_of(world.authorize(fields)).has("code")) << "unknown URNs are no error";
  world.add_api(R"({"id":"rs_4","identifier":"https://id.example.com/admin/v1"})");
  const auto code = location_of(world.authorize(fields)).get("code");
  const auto token = text_at(json_of(world.post_token(Provider::redemption(code))), "access_token");
  EXPECT_EQ(bj::serialize(claims_of(token).at("aud")),
            R"(["https://id.example.com/admin/v1","https://id.example.com/userinfo"])");
}

TEST(AuthorizeEndpoint, AnIdTokenHintOfAnotherPersonIsNotSignedOnSilently) {
  World world;
  const auto keys = run_task(world.keys.get(kTenant));
  const auto hint = [&](const char* subject) {
    auto fields = with("prompt", "none");
    fields.emplace_back("id_token_hint",
                        keys->sign(crypto::SignatureAlgorithm::ES256, "JWT",
                                   {{"iss", "https://id.example.com/"}, {"sub", subject}, {"aud", "web"}}));
    return location_of(world.authorize(fields));
  };
  EXPECT_TRUE(hint("oidc|acme|ada").has("code"));
  EXPECT_EQ(hint("oidc|acme|bob").get("error"), "login_required");
  EXPECT_EQ(location_of(world.authorize(with("id_token_hint", "forged"))).get("error"), "invalid_request");
}

TEST(AuthorizeEndpoint, T13ABlockedPersonIsNotSignedOn) {
  World world;
  world.change_user([](model::User& user) { user.blocked = true; });
  EXPECT_EQ(location_of(world.authorize(with("prompt", "none"))).get("error"), "login_required");
}

TEST(AuthorizeEndpoint, ARealmNamesAConnection) {
  World world;
  EXPECT_TRUE(location_of(world.authorize(with("realm", "acme"))).has("code"));
  EXPECT_TRUE(location_of(world.authorize(with("realm", "no such connection"))).has("code"));
  EXPECT_EQ(location_of(world.authorize(with("connection", "no such connection"))).get("error"), "invalid_request");
}

}  // namespace
}  // namespace symbolon::oidc
