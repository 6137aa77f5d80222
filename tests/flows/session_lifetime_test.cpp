// How long a browser stays signed in (login-runtime §5.2).
#include <gtest/gtest.h>

#include "flows/world.h"
#include "store/tenant_store.h"

namespace symbolon::flows {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

class SessionLifetime : public World, public testing::Test {
 protected:
  void set_tenant(const json::object& members) {
    run_task(memory->write([&](db::Transaction& tx) {
      store::TenantStore tenants(tx);
      auto tenant = tenants.find(TenantId("default")).value();
      auto document = json::parse(tenant.doc).as_object();
      for (const auto& [name, value] : members) document[name] = value;
      tenant.doc = json::serialize(document);
      tenants.update(tenant, tenant.version);
    }));
  }
  /// The cookie's line.
  std::string sign_in() {
    const auto back = arrive(depart("acme"), "acme");
    for (const std::string_view line : back.headers.get_all("Set-Cookie"))
      if (line.starts_with("__Host-bs=")) return std::string(line);
    return {};
  }
  bool is_signed_in(Fields more = {}) {
    more.emplace_back("prompt", "none");
    return depart("acme", std::move(more)).contains("code");
  }
};

TEST_F(SessionLifetime, SE11UseMovesTheIdleEndAndNeverTheAbsoluteOne) {
  EXPECT_TRUE(sign_in().contains("Max-Age=604800"));
  for (int i = 0; i < 2; ++i) {
    clock.advance(71h);
    EXPECT_TRUE(is_signed_in());
  }
  clock.advance(25h);
  EXPECT_TRUE(is_signed_in());
  clock.advance(1h);
  EXPECT_FALSE(is_signed_in()) << "168 hours after the sign-in";
}

TEST_F(SessionLifetime, SE11WhatIsNoUseDoesNotMoveIt) {
  sign_in();
  const auto tokens = redeem(depart("acme", {{"prompt", "none"}}).at("code"));
  ASSERT_EQ(tokens.status, 200);
  clock.advance(71h);
  EXPECT_FALSE(is_signed_in({{"max_age", "60"}}));
  const std::string token(json::parse(tokens.body).at("access_token").get_string());
  get("/userinfo", {{"Authorization", "Bearer " + token}});
  EXPECT_EQ(get("/oidc/logout").status, 200);
  clock.advance(1h);
  EXPECT_FALSE(is_signed_in()) << "72 hours after the last use";
}

TEST_F(SessionLifetime, SE12AShortenedSettingActsAtOnceALengthenedOneOnNewSessions) {
  sign_in();
  clock.advance(5h);
  set_tenant({{"idle_session_lifetime", 4}});
  EXPECT_FALSE(is_signed_in());
  set_tenant({{"idle_session_lifetime", 72}});
  EXPECT_TRUE(is_signed_in()) << "it had not ended yet";
  set_tenant({{"session_lifetime", 5}});
  EXPECT_FALSE(is_signed_in());

  set_tenant({{"session_lifetime", 1000}, {"idle_session_lifetime", 1000}});
  clock.advance(162h);
  EXPECT_FALSE(is_signed_in()) << "its own idle end has passed";
  sign_in();
  clock.advance(900h);
  EXPECT_TRUE(is_signed_in());
}

TEST_F(SessionLifetime, SE2ASessionOfTheBrowserHasLimitsOfItsOwn) {
  set_tenant({{"session_cookie", {{"mode", "non-persistent"}}}});
  const std::string cookie = sign_in();
  EXPECT_NE(cookie, "");
  EXPECT_FALSE(cookie.contains("Max-Age"));
  clock.advance(23h);
  EXPECT_TRUE(is_signed_in());
  clock.advance(24h);
  EXPECT_FALSE(is_signed_in());
  set_tenant({{"ephemeral_session_lifetime", 2}, {"idle_ephemeral_session_lifetime", 0.5}});
  sign_in();
  clock.advance(29min);
  EXPECT_TRUE(is_signed_in());
  clock.advance(30min);
  EXPECT_FALSE(is_signed_in());
}

TEST_F(SessionLifetime, SE13SigningInAgainStartsBothAnew) {
  sign_in();
  clock.advance(70h);
  arrive(depart("acme", {{"prompt", "login"}}), "acme");
  clock.advance(71h);
  EXPECT_TRUE(is_signed_in());
  clock.advance(71h);
  EXPECT_TRUE(is_signed_in()) << "212 hours after the first, 142 after the second";
  EXPECT_EQ(count("sessions"), 1);
}

}  // namespace
}  // namespace symbolon::flows
