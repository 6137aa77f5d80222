#include "oidc/authorization_issuer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jose/token_hash.h"
#include "jose/verify.h"
#include "oidc/provider.h"
#include "store/grant_store.h"
#include "store/session_store.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

model::AuthorizationRequest asking_for(std::string response_type, std::string mode = "fragment") {
  auto request = Provider::authorization();
  request.response_type = std::move(response_type);
  request.response_mode = std::move(mode);
  return request;
}

std::string at_hash(const std::string& token) { return jose::token_hash(crypto::SignatureAlgorithm::RS256, token); }

TEST(AuthorizationIssuer, WritesTheGrantTheCodeAndTheClientOfTheSession) {
  Provider provider;
  auto request = Provider::authorization();
  request.audience = kApi;
  const auto issued = provider.issue(request);
  EXPECT_EQ(issued.code.size(), 52u);
  const auto grant =
      provider.read([&](db::Transaction& tx) { return store::GrantStore(tx, kTenant).find(issued.grant); });
  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->client, ClientId("web"));
  EXPECT_EQ(grant->user, UserId("oidc|acme|ada"));
  EXPECT_EQ(grant->session, SessionId("sid-1"));
  EXPECT_EQ(grant->connection, ConnectionId("con_acme"));
  EXPECT_EQ(grant->base_url, "https://id.example.com");
  EXPECT_EQ(grant->scope, request.scope);
  EXPECT_EQ(grant->audience, kApi);
  EXPECT_EQ(grant->auth_time, kStart - 1min);
  EXPECT_EQ(grant->expires_at, kStart + 60s + 86400s) << "the code is redeemed at its last moment";
  const auto session =
      provider.read([](db::Transaction& tx) { return store::SessionStore(tx, kTenant).find(SessionId("sid-1")); });
  EXPECT_EQ(session->clients, std::vector<ClientId>{ClientId("web")});
  EXPECT_EQ(provider.count("access_tokens"), 0);
  EXPECT_EQ(provider.count("authorization_codes"), 1);
}

TEST(AuthorizationIssuer, TheSessionsEndGoesIntoTheGrantOnlyWhenTheProviderSetIt) {
  Provider provider;
  auto who = provider.signed_in();
  const auto issue = [&] {
    const auto client = provider.client("web");
    return provider.write([&](db::Transaction& tx) {
      return provider.responder.issue(tx, *provider.site, client, Provider::authorization(), who, kStart);
    });
  };
  EXPECT_EQ(issue().granted.session_expiry, std::nullopt);
  who.session.upstream_expiry = kStart + 200h;
  EXPECT_EQ(issue().granted.session_expiry, who.session.expires_at) << "never past our own end";
  who.session.upstream_expiry = kStart + 1h;
  EXPECT_EQ(issue().granted.session_expiry, kStart + 1h);
}

TEST(AuthorizationIssuer, AnswersACodeWithStateAndIssuer) {
  Provider provider;
  const auto response = provider.respond(Provider::authorization());
  EXPECT_EQ(response.status, 302);
  const auto answer = location_of(response);
  EXPECT_EQ(answer.get("code").size(), 52u);
  EXPECT_EQ(answer.get("state"), "the state");
  EXPECT_EQ(answer.get("iss"), "https://id.example.com/");
  EXPECT_EQ(answer.all().size(), 3u);
  EXPECT_EQ(provider.workers.jobs, 0) << "a code needs no signature";
}

TEST(AuthorizationIssuer, AFrontChannelIdToken) {
  Provider provider;
  const auto answer = location_of(provider.respond(asking_for("id_token")));
  EXPECT_FALSE(answer.has("code"));
  EXPECT_FALSE(answer.has("access_token"));
  const auto claims = claims_of(answer.get("id_token"));
  EXPECT_EQ(claims.at("nonce"), "n-1");
  EXPECT_EQ(claims.at("name"), "Ada");
  EXPECT_FALSE(claims.contains("at_hash"));
  EXPECT_FALSE(claims.contains("c_hash"));
}

TEST(AuthorizationIssuer, HybridAnswersHashWhatStandsBesideThem) {
  Provider provider;
  const auto code = location_of(provider.respond(asking_for("code id_token")));
  auto claims = claims_of(code.get("id_token"));
  EXPECT_EQ(text_at(claims, "c_hash"), at_hash(code.get("code")));
  EXPECT_FALSE(claims.contains("at_hash"));

  const auto all = location_of(provider.respond(asking_for("code id_token token")));
  claims = claims_of(all.get("id_token"));
  EXPECT_EQ(text_at(claims, "c_hash"), at_hash(all.get("code")));
  EXPECT_EQ(text_at(claims, "at_hash"), at_hash(all.get("access_token")));
  EXPECT_EQ(all.get("token_type"), "Bearer");
  EXPECT_EQ(all.get("expires_in"), "86400");
  EXPECT_EQ(all.get("scope"), "openid profile email");
  EXPECT_EQ(provider.get_userinfo(all.get("access_token")).status, 200);
}

TEST(AuthorizationIssuer, ImplicitTokensLiveTwoHours) {
  Provider provider;
  const auto answer = location_of(provider.respond(asking_for("id_token token")));
  EXPECT_EQ(answer.get("expires_in"), "7200");
  EXPECT_FALSE(answer.has("refresh_token"));
  const std::string token = answer.get("access_token");
  provider.clock.advance(7199s);
  EXPECT_EQ(provider.get_userinfo(token).status, 200);
  provider.clock.advance(1s);
  EXPECT_EQ(provider.get_userinfo(token).status, 401);
}

TEST(AuthorizationIssuer, AnApiGetsAJwtInTheFrontChannelToo) {
  Provider provider;
  auto request = asking_for("id_token token");
  request.audience = kApi;
  const auto answer = location_of(provider.respond(request));
  const auto claims = claims_of(answer.get("access_token"));
  EXPECT_EQ(claims.at("exp").as_int64() - claims.at("iat").as_int64(), 7200);
  EXPECT_EQ(text_at(claims_of(answer.get("id_token")), "at_hash"), at_hash(answer.get("access_token")));
  EXPECT_EQ(provider.workers.jobs, 1);
  EXPECT_EQ(provider.count("access_tokens"), 0);
}

TEST(AuthorizationIssuer, TheTenantsSwitchLeavesTheIssuerOut) {
  Provider provider;
  provider.patch_tenant({{"authorization_response_iss_parameter_supported", false}});
  EXPECT_FALSE(location_of(provider.respond(Provider::authorization())).has("iss"));
  const auto refused =
      run_task(provider.responder.refuse(provider.request(http::Method::get, "/authorize"), provider.client("web"), Provider::authorization(),
                                         {model::OAuthCode::login_required, "x", {}}, {}, false));
  EXPECT_FALSE(location_of(refused).has("iss"));
}

TEST(AuthorizationIssuer, ErrorsTakeTheSameRoadInEveryMode) {
  Provider provider;
  const model::OAuthError error{model::OAuthCode::access_denied, "User did not authorize the request",
                                "the secret detail"};
  const auto refuse = [&](const std::string& mode, bool after_post = false) {
    auto request = Provider::authorization();
    request.response_mode = mode;
    return run_task(
        provider.responder.refuse(provider.request(http::Method::get, "/authorize"), provider.client("web"), request, error, "K7QF-2M9X", after_post));
  };
  for (const char* mode : {"query", "fragment"}) {
    const auto answer = location_of(refuse(mode));
    EXPECT_EQ(answer.get("error"), "access_denied");
    EXPECT_EQ(answer.get("error_description"), "User did not authorize the request");
    EXPECT_EQ(answer.get("state"), "the state");
    EXPECT_EQ(answer.get("iss"), "https://id.example.com/");
    EXPECT_EQ(answer.all().size(), 4u);
  }
  EXPECT_EQ(refuse("query").status, 302);
  EXPECT_EQ(refuse("query", true).status, 303);
  EXPECT_THAT(refuse("form_post").body, HasSubstr("access_denied"));
  EXPECT_THAT(refuse("web_message").body, HasSubstr("\"error\":\"access_denied\""));
  for (const char* mode : {"query", "fragment", "form_post", "web_message"}) {
    const auto response = refuse(mode);
    EXPECT_THAT(response.body + std::string(response.headers.get("Location")), Not(HasSubstr("secret detail")));
  }
}

TEST(AuthorizationIssuer, ACallbackThatIsNotRegisteredAnyMoreGetsNothing) {
  Provider provider;
  const auto request = Provider::authorization();
  auto issued = provider.issue(request);
  const std::string code = issued.code;
  provider.patch_client("web", {{"callbacks", bj::array{"https://other.example.com/cb"}}});
  const auto response =
      run_task(provider.responder.respond(provider.request(http::Method::get, "/authorize"), provider.client("web"), request, std::move(issued), false));
  EXPECT_EQ(response.status, 403);
  EXPECT_FALSE(response.headers.has("Location"));
  EXPECT_THAT(response.body, Not(HasSubstr(code)));
  const auto refused =
      run_task(provider.responder.refuse(provider.request(http::Method::get, "/authorize"), provider.client("web"), request,
                                         {model::OAuthCode::login_required, "x", {}}, "K7QF-2M9X", false));
  EXPECT_EQ(refused.status, 403);
  EXPECT_FALSE(refused.headers.has("Location"));
  EXPECT_THAT(refused.body, HasSubstr("K7QF-2M9X"));
}

}  // namespace
}  // namespace symbolon::oidc
