#include "oidc/refresh_grant.h"

#include <gtest/gtest.h>

#include "oidc/refresh_tokens.h"
#include "store/connection_store.h"
#include "store/session_store.h"
#include "store/user_store.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using namespace std::chrono_literals;

TEST(RefreshGrant, ATokenComesOnlyWhereEverybodyAgrees) {
  struct Row {
    const char* name;
    void (*prepare)(Provider&);
    model::AuthorizationRequest request;
    bool token;
  } rows[] = {
      {"asked for and allowed", [](Provider&) {}, offline(), true},
      {"online", [](Provider&) {}, offline({"openid", "online_access"}), true},
      {"not asked for", [](Provider&) {}, Provider::authorization(), false},
      {"the client lacks the grant",
       [](Provider& p) { p.patch_client("web", {{"grant_types", bj::array{"authorization_code"}}}); }, offline(),
       false},
      {"the API forbids it", [](Provider&) {}, offline({"openid", "offline_access", "read:x"}, kApi), false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Provider provider;
    const auto code = provider.code(row.request);
    row.prepare(provider);
    const auto answer = json_of(provider.post_token(Provider::redemption(code)));
    EXPECT_EQ(answer.contains("refresh_token"), row.token);
    EXPECT_EQ(provider.count("refresh_tokens"), row.token ? 1 : 0);
  }
}

TEST(RefreshGrant, ATokenThatDoesNotRotateStays) {
  Provider provider;
  const std::string token = first_token(provider);
  for (int i = 0; i < 2; ++i) {
    const auto response = provider.post_token(refreshing(token));
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
    const auto answer = json_of(response);
    EXPECT_FALSE(answer.contains("refresh_token")) << "RT-2";
    EXPECT_EQ(text_at(answer, "scope"), "openid profile email offline_access");
    EXPECT_EQ(provider.get_userinfo(text_at(answer, "access_token")).status, 200);
  }
  EXPECT_EQ(provider.count("refresh_tokens"), 1);
  EXPECT_EQ(provider.count("log_events", "type = 'sertft'"), 2);
}

// RT-9, OpenID Connect Core §12.2
TEST(RefreshGrant, TheIdTokenSpeaksOfTheSignInWithoutItsNonce) {
  Provider provider;
  const auto first = first_answer(provider);
  provider.clock.advance(1h);
  const auto second = json_of(provider.post_token(refreshing(text_at(first, "refresh_token"))));
  auto before = claims_of(text_at(first, "id_token"));
  auto after = claims_of(text_at(second, "id_token"));
  EXPECT_TRUE(before.contains("nonce"));
  EXPECT_FALSE(after.contains("nonce"));
  EXPECT_EQ(after.at("iat").as_int64(), before.at("iat").as_int64() + 3600);
  EXPECT_EQ(after.at("exp").as_int64(), before.at("exp").as_int64() + 3600);
  for (const char* name : {"iss", "sub", "aud", "auth_time", "sid"}) EXPECT_EQ(after.at(name), before.at(name)) << name;
}

// RT-10: the claims are those of the record as it is now.
TEST(RefreshGrant, TheProfileIsTodays) {
  Provider provider;
  const std::string token = first_token(provider);
  provider.change_user([](model::User& user) { user.email = "countess@acme.example"; });
  const auto answer = json_of(provider.post_token(refreshing(token)));
  EXPECT_EQ(text_at(claims_of(text_at(answer, "id_token")), "email"), "countess@acme.example");
}

TEST(RefreshGrant, AnApiThatAllowsItGetsAJwtThatSaysHow) {
  Provider provider;
  provider.add_api(R"({"id":"rs_2","identifier":"https://offline.example/","allow_offline_access":true,
                       "scopes":[{"value":"read:x"},{"value":"write:x"}]})");
  const std::string token =
      first_token(provider, offline({"openid", "offline_access", "read:x", "write:x"}, "https://offline.example/"));
  Fields narrowed = refreshing(token);
  narrowed.emplace_back("scope", "read:x");
  const auto answer = json_of(provider.post_token(narrowed));
  const auto claims = claims_of(text_at(answer, "access_token"));
  EXPECT_EQ(text_at(claims, "gty"), "refresh_token");
  EXPECT_EQ(text_at(claims, "scope"), "read:x");
  EXPECT_EQ(text_at(answer, "scope"), "read:x");
  EXPECT_FALSE(answer.contains("id_token")) << "openid was not asked for this time";
  EXPECT_EQ(text_at(json_of(provider.post_token(refreshing(token))), "scope"), "openid offline_access read:x write:x")
      << "narrowing is for one answer only";
}

TEST(RefreshGrant, T28AnIdentityThatWasUnlinkedRefreshesNothing) {
  Provider provider;
  const std::string token = first_token(provider);
  provider.write([](db::Transaction& tx) { tx.execute("DELETE FROM identities"); });
  expect_refused(provider.post_token(refreshing(token)));
}

TEST(RefreshGrant, T28AnOnlineTokenEndsWithItsSessionEvenBeforeTheSweep) {
  Provider provider;
  const std::string token = first_token(provider, offline({"openid", "online_access"}));
  provider.write([](db::Transaction& tx) { tx.execute("UPDATE sessions SET idle_expires_at = 1"); });
  expect_refused(provider.post_token(refreshing(token)));
}

TEST(RefreshGrant, AShortenedSessionEndsAnOnlineTokenToo) {
  Provider provider;
  const std::string online = first_token(provider, offline({"openid", "online_access"}));
  const std::string kept = first_token(provider);
  provider.clock.advance(3h);
  EXPECT_EQ(status_of(provider, online), 200);
  provider.patch_tenant({{"idle_session_lifetime", 2}});
  expect_refused(provider.post_token(refreshing(online)));
  EXPECT_EQ(status_of(provider, kept), 200) << "an offline token outlives every session";
  provider.patch_tenant({{"idle_session_lifetime", 72}, {"session_lifetime", 3}});
  expect_refused(provider.post_token(refreshing(online)));
}

void patch_connection(Provider& provider, void (*change)(model::Connection&)) {
  provider.write([&](db::Transaction& tx) {
    store::ConnectionStore store(tx, kTenant);
    auto connection = store.find(ConnectionId("con_acme")).value();
    change(connection);
    store.update(connection, connection.version);
  });
}

// One thing is wrong: refused; the token is not spent by it.
struct Spoiled {
  const char* name;
  void (*spoil)(Provider&, Fields&);
};

void set(Fields& fields, std::string_view name, std::string value) {
  for (auto& [known, old] : fields)
    if (known == name) old = std::move(value);
}

const Spoiled kSpoiled[] = {
    {"T27 a prefix", [](Provider&, Fields& f) { f[1].second.pop_back(); }},
    {"T27 another last letter", [](Provider&, Fields& f) { f[1].second.back() ^= 1; }},
    {"T24 an access token",
     [](Provider& p, Fields& f) { set(f, "refresh_token", text_at(first_answer(p), "access_token")); }},
    {"T24 a code", [](Provider& p, Fields& f) { set(f, "refresh_token", p.code()); }},
    {"T25 another client",
     [](Provider& p, Fields& f) {
       p.add_client(R"({"client_id":"web2","token_endpoint_auth_method":"client_secret_post",
                        "grant_types":["refresh_token"]})");
       set(f, "client_id", "web2");
     }},
    {"another host", [](Provider& p, Fields&) { p.site->base_url = "https://other.example.com"; }},
    {"T28 the connection was taken from the application",
     [](Provider& p, Fields&) {
       p.write([](db::Transaction& tx) {
         store::ConnectionStore(tx, kTenant).disable(ConnectionId("con_acme"), ClientId("web"));
       });
     }},
    {"T28 the connection was switched off",
     [](Provider& p, Fields&) { patch_connection(p, [](model::Connection& c) { c.authentication_active = false; }); }},
    {"T28 the connection was deleted, its sessions and grants not yet",
     [](Provider& p, Fields&) {
       p.write([](db::Transaction& tx) { store::ConnectionStore(tx, kTenant).remove(ConnectionId("con_acme")); });
     }},
    {"T28 the person was deleted",
     [](Provider& p, Fields&) {
       p.write([](db::Transaction& tx) { store::UserStore(tx, kTenant).remove(UserId("oidc|acme|ada")); });
     }},
    {"T28 the person was signed out everywhere",
     [](Provider& p, Fields&) {
       p.write([&](db::Transaction& tx) {
         store::UserStore(tx, kTenant).invalidate_tokens(UserId("oidc|acme|ada"), p.clock.now());
       });
     }},
    {"T28 the grant was revoked",
     [](Provider& p, Fields&) {
       p.write([](db::Transaction& tx) { tx.execute("UPDATE grants SET revoked_at = 1"); });
     }},
};

TEST(RefreshGrant, RefusesARequestWithOneThingWrong) {
  for (const Spoiled& row : kSpoiled) {
    SCOPED_TRACE(row.name);
    Provider provider;
    provider.patch_client("web", rotating());
    Fields request = refreshing(first_token(provider));  // accepted as it is: RotationGivesANewTokenEachTime
    row.spoil(provider, request);
    expect_refused(provider.post_token(request));
  }
}

TEST(RefreshGrant, ARefusalForAnotherReasonDoesNotSpendTheToken) {
  Provider provider;
  provider.patch_client("web", rotating());
  const std::string token = first_token(provider);
  Fields wider = refreshing(token);
  wider.emplace_back("scope", "openid address");
  EXPECT_EQ(error_of(provider.post_token(wider)), "invalid_scope");
  Fields elsewhere = refreshing(token);
  elsewhere.emplace_back("audience", kApi);
  EXPECT_EQ(error_of(provider.post_token(elsewhere)), "invalid_request");
  Fields none = refreshing("");
  EXPECT_EQ(error_of(provider.post_token(none)), "invalid_request");
  EXPECT_EQ(status_of(provider, token), 200);
}

TEST(RefreshGrant, T13ABlockedPersonIsToldSo) {
  Provider provider;
  const std::string token = first_token(provider);
  provider.change_user([](model::User& user) { user.blocked = true; });
  const auto response = provider.post_token(refreshing(token));
  EXPECT_EQ(error_of(response), "invalid_grant");
  EXPECT_TRUE(response.body.contains("user is blocked"));
}

TEST(RefreshGrant, T28AnApiThatStopsOfflineAccessStopsIt) {
  Provider provider;
  provider.add_api(R"({"id":"rs_2","identifier":"https://offline.example/","allow_offline_access":true,
                       "scopes":[{"value":"read:x"}]})");
  const std::string token =
      first_token(provider, offline({"openid", "offline_access", "read:x"}, "https://offline.example/"));
  EXPECT_EQ(status_of(provider, token), 200);
  provider.write([](db::Transaction& tx) {
    tx.execute("UPDATE resource_servers SET doc = REPLACE(doc, '\"allow_offline_access\":true', '\"x\":1')");
  });
  expect_refused(provider.post_token(refreshing(token)));
}

TEST(RefreshGrant, AnOnlineTokenDiesWithItsSessionAnOfflineOneDoesNot) {
  Provider provider;
  const std::string online = first_token(provider, offline({"openid", "online_access"}));
  const std::string kept = first_token(provider);
  EXPECT_EQ(status_of(provider, online), 200);
  provider.write([](db::Transaction& tx) { store::SessionStore(tx, kTenant).take(SessionId("sid-1")); });
  expect_refused(provider.post_token(refreshing(online)));
  EXPECT_EQ(status_of(provider, kept), 200);
}

// SE-33, SE-34
TEST(RefreshGrant, TheProvidersSessionExpiryBindsUnlessSwitchedOff) {
  Provider provider;
  provider.write([](db::Transaction& tx) {
    store::SessionStore sessions(tx, kTenant);
    auto session = sessions.find(SessionId("sid-1")).value();
    session.upstream_expiry = kStart + 1h;
    sessions.update(session);
  });
  const std::string token = first_token(provider);
  const auto answer = json_of(provider.post_token(refreshing(token)));
  EXPECT_EQ(claims_of(text_at(answer, "id_token")).at("session_expiry"), to_epoch_seconds(kStart + 1h));
  provider.clock.advance(1h);
  expect_refused(provider.post_token(refreshing(token)));
  patch_connection(provider, [](model::Connection& c) { c.upstream.bind_refresh_tokens_to_session_expiry = false; });
  EXPECT_EQ(status_of(provider, token), 200);
}

TEST(RefreshGrant, AReplayedCodeTakesItsRefreshToken) {
  Provider provider;
  const std::string code = provider.code(offline());
  const auto answer = json_of(provider.post_token(Provider::redemption(code)));
  provider.post_token(Provider::redemption(code));
  expect_refused(provider.post_token(refreshing(text_at(answer, "refresh_token"))));
}

}  // namespace
}  // namespace symbolon::oidc
