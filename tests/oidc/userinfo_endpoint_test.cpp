#include "oidc/userinfo_endpoint.h"

#include <gtest/gtest.h>

#include "oidc/provider.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/user_store.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using namespace std::chrono_literals;

struct Tokens {
  std::string access, id;
};

Tokens tokens_for(Provider& provider, const std::string& audience = "",
                  std::vector<std::string> scope = {"openid", "profile", "email"}) {
  auto request = Provider::authorization();
  request.audience = audience;
  request.scope = std::move(scope);
  const auto body = json_of(provider.post_token(Provider::redemption(provider.code(request))));
  return {text_at(body, "access_token"), body.contains("id_token") ? text_at(body, "id_token") : ""};
}

TEST(Userinfo, AnswersTheStoredProfileAsItIsNow) {
  Provider provider;
  const std::string token = tokens_for(provider).access;
  const auto response = provider.get_userinfo(token);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(response.body, R"({"sub":"oidc|acme|ada","name":"Ada","nickname":"ada","updated_at":1699913600,)"
                           R"("email":"ada@acme.example","email_verified":true})");
  provider.change_user([](model::User& user) { user.profile = R"({"name":"Countess"})"; });
  EXPECT_EQ(json_of(provider.get_userinfo(token)).at("name"), "Countess");
}

TEST(Userinfo, TakesAJwtWithItsAudience) {
  Provider provider;
  EXPECT_EQ(provider.get_userinfo(tokens_for(provider, kApi).access).status, 200);
}

TEST(Userinfo, ScopesDecide) {
  Provider provider;
  EXPECT_EQ(provider.get_userinfo(tokens_for(provider, "", {"openid"}).access).body, R"({"sub":"oidc|acme|ada"})");
  const auto response = provider.get_userinfo(tokens_for(provider, "", {"profile"}).access);
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(error_of(response), "insufficient_scope");
  EXPECT_EQ(response.headers.get("WWW-Authenticate"),
            "Bearer realm=\"userinfo\", error=\"insufficient_scope\", error_description=\"the access token lacks the "
            "scope openid\"");
}

TEST(Userinfo, ClaimsAskedForByNameComeWithoutTheirScope) {
  Provider provider;
  auto request = Provider::authorization();
  request.scope = {"openid"};
  request.claims = {{"email"}, {"name", "address"}};
  const auto body = json_of(provider.post_token(Provider::redemption(provider.code(request))));
  const std::string token = text_at(body, "access_token");
  EXPECT_EQ(provider.get_userinfo(token).body, R"({"sub":"oidc|acme|ada","name":"Ada"})");
  const auto claims = claims_of(text_at(body, "id_token"));
  EXPECT_EQ(claims.at("email"), "ada@acme.example");
  EXPECT_FALSE(claims.contains("name"));

  provider.patch_client("web", {{"is_first_party", false}});
  EXPECT_EQ(provider.get_userinfo(token).body, R"({"sub":"oidc|acme|ada"})") << "consent never covered it";
}

TEST(Userinfo, TheTokenComesByHeaderOrPostedForm) {
  Provider provider;
  const std::string token = tokens_for(provider).access;
  const auto ask = [&](http::Method method, const char* header, const std::string& body, const std::string& query,
                       const char* type = "application/x-www-form-urlencoded") {
    http::Request request = provider.request(method, "/userinfo");
    if (*header) request.headers.set("Authorization", header + token);
    request.headers.set("Content-Type", type);
    request.body = body;
    request.query = query;
    return run_task(provider.userinfo_endpoint.handle(std::move(request))).status;
  };
  using enum http::Method;
  EXPECT_EQ(ask(get, "Bearer ", "", ""), 200);
  EXPECT_EQ(ask(get, "bearer ", "", ""), 200);
  EXPECT_EQ(ask(post, "Bearer ", "", ""), 200);
  EXPECT_EQ(ask(post, "", "access_token=" + token, ""), 200);
  EXPECT_EQ(ask(get, "", "", "access_token=" + token), 401) << "queries end up in logs";
  EXPECT_EQ(ask(get, "", "access_token=" + token, ""), 401);
  EXPECT_EQ(ask(post, "", "access_token=" + token, "", "text/plain"), 401);
  EXPECT_EQ(ask(post, "Bearer ", "access_token=" + token, ""), 400);
  EXPECT_EQ(ask(post, "", "access_token=" + token + "&access_token=" + token, ""), 400);
  EXPECT_EQ(ask(get, "Basic ", "", ""), 401);
}

TEST(Userinfo, WithoutATokenTheChallengeNamesNoError) {
  Provider provider;
  const auto response = provider.get_userinfo("");
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.headers.get("WWW-Authenticate"), "Bearer realm=\"userinfo\"");
}

// A token that was good stops being so.
struct Event {
  const char* name;
  void (*happen)(Provider&);
};
const Event kEvents[] = {
    {"expired", [](Provider& p) { p.clock.advance(86400s); }},
    {"T13 user blocked", [](Provider& p) { p.change_user([](model::User& user) { user.blocked = true; }); }},
    {"user deleted",
     [](Provider& p) {
       p.write([](db::Transaction& tx) { store::UserStore(tx, kTenant).remove(UserId("oidc|acme|ada")); });
     }},
    {"user's tokens revoked",
     [](Provider& p) {
       p.write([&](db::Transaction& tx) {
         store::UserStore(tx, kTenant).invalidate_tokens(UserId("oidc|acme|ada"), p.clock.now());
       });
     }},
    {"T28 client deleted",
     [](Provider& p) {
       p.write([](db::Transaction& tx) { store::ClientStore(tx, kTenant).remove(ClientId("web")); });
     }},
    {"T28 connection taken from the client",
     [](Provider& p) {
       p.write([](db::Transaction& tx) {
         store::ConnectionStore(tx, kTenant).disable(ConnectionId("con_acme"), ClientId("web"));
       });
     }},
    {"T28 connection deleted, its sessions and grants not yet",
     [](Provider& p) {
       p.write([](db::Transaction& tx) { store::ConnectionStore(tx, kTenant).remove(ConnectionId("con_acme")); });
     }},
    {"grant revoked",
     [](Provider& p) { p.write([](db::Transaction& tx) { tx.execute("UPDATE grants SET revoked_at = 1"); }); }},
    {"another host",
     [](Provider& p) {
       p.site->base_url = "https://custom.example.com";
       p.site->host = "custom.example.com";
     }},
};

TEST(Userinfo, T28RefusesWhatHasEnded) {
  for (const char* audience : {"", kApi})
    for (const Event& row : kEvents) {
      SCOPED_TRACE(std::string(row.name) + " " + audience);
      Provider provider;
      const std::string token = tokens_for(provider, audience).access;
      ASSERT_EQ(provider.get_userinfo(token).status, 200);
      row.happen(provider);
      const auto response = provider.get_userinfo(token);
      EXPECT_EQ(response.status, 401);
      EXPECT_EQ(error_of(response), "invalid_token");
      EXPECT_TRUE(response.headers.get("WWW-Authenticate").starts_with("Bearer "));
    }
}

TEST(Userinfo, T27EveryPrefixAndEveryBitFlipOfAnOpaqueTokenIsRefused) {
  Provider provider;
  const std::string token = tokens_for(provider).access;
  for (std::size_t length = 1; length < token.size(); ++length)
    EXPECT_EQ(provider.get_userinfo(token.substr(0, length)).status, 401) << length;
  for (std::size_t at = 0; at < token.size(); ++at)
    for (int bit = 0; bit < 7; ++bit) {
      std::string flipped = token;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      EXPECT_EQ(provider.get_userinfo(flipped).status, 401) << at << ' ' << bit;
    }
  EXPECT_EQ(provider.get_userinfo(token + "A").status, 401);
  EXPECT_EQ(provider.get_userinfo(token).status, 200);
}

TEST(Userinfo, T27APartOfAJwtIsRefused) {
  Provider provider;
  const std::string token = tokens_for(provider, kApi).access;
  for (std::size_t length = 1; length < token.size(); length += 7)
    EXPECT_EQ(provider.get_userinfo(token.substr(0, length)).status, 401) << length;
  for (std::size_t at = 0; at < token.size(); at += 3) {
    std::string flipped = token;
    flipped[at] = static_cast<char>(flipped[at] ^ 2);
    EXPECT_EQ(provider.get_userinfo(flipped).status, 401) << at;
  }
}

TEST(Userinfo, T17NoOtherTicketIsAnAccessToken) {
  Provider provider;
  provider.add_client_grant("web", kApi, {"read:x"});
  const auto tokens = tokens_for(provider);
  const auto machine = json_of(provider.post_token(
      {{"grant_type", "client_credentials"}, {"audience", kApi}, {"client_id", "web"}, {"client_secret", kSecret}}));
  for (const std::string& ticket : {tokens.id, provider.code(), std::string("the-cookie"),
                                    text_at(machine, "access_token"), tokens_for(provider, kApi, {"read:x"}).access})
    EXPECT_EQ(provider.get_userinfo(ticket).status, 401) << ticket;
}

TEST(Userinfo, PagesOfTheClientMayReadIt) {
  Provider provider;
  const std::string token = tokens_for(provider).access;
  const auto own = provider.get_userinfo(token, {{"Origin", "https://app.example.com"}});
  EXPECT_EQ(own.headers.get("Access-Control-Allow-Origin"), "https://app.example.com");
  EXPECT_FALSE(own.headers.has("Access-Control-Allow-Credentials"));
  EXPECT_FALSE(
      provider.get_userinfo(token, {{"Origin", "https://spa.example.com"}}).headers.has("Access-Control-Allow-Origin"));

  const auto expired = provider.get_userinfo("no-token-of-ours", {{"Origin", "https://spa.example.com"}});
  EXPECT_EQ(expired.status, 401);
  EXPECT_EQ(expired.headers.get("Access-Control-Allow-Origin"), "https://spa.example.com");
  EXPECT_FALSE(provider.get_userinfo("no-token-of-ours", {{"Origin", "https://evil.example"}})
                   .headers.has("Access-Control-Allow-Origin"));
}

}  // namespace
}  // namespace symbolon::oidc
