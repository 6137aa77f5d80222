#include "oidc/logout_delivery.h"

#include <gtest/gtest.h>

#include <set>

#include "jose/verify.h"
#include "login/end_session.h"
#include "oidc/provider.h"
#include "oidc/signing_algorithm.h"
#include "store/session_store.h"
#include "support/fake_http_client.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using namespace std::chrono_literals;
using login::LogoutInitiator;

constexpr const char* kTarget = "https://app.example.com/backchannel-logout";

struct Scene : Provider {
  Scene() {
    patch_client("web", {{"oidc_logout", {{"backchannel_logout_urls", {kTarget}}}}});
    post_token(redemption(code()));  // the client is one of the session's now
    application.on(kTarget, 200, "");
  }
  void end(LogoutInitiator initiator = LogoutInitiator::rp_logout) {
    write([&](db::Transaction& tx) { login::end_session(tx, kTenant, SessionId("sid-1"), initiator, clock.now()); });
  }
  /// Everything that is due now; how many there were.
  std::size_t work() {
    const auto items = run_task(delivery.take_due(100));
    for (const auto& item : items) run_task(delivery.deliver(item));
    return items.size();
  }
  std::int64_t waiting() { return count("outbox"); }
  std::string last_token() { return http::Form::parse(application.last().body).value().get("logout_token"); }

  FakeHttpClient application;
  LogoutDelivery delivery{*db, keys, workers, application, clock, random, {}};
};

TEST(LogoutDelivery, TheTokenSaysWhoLeftWhat) {
  Scene scene;
  scene.end();
  EXPECT_EQ(scene.work(), 1u);
  EXPECT_EQ(scene.waiting(), 0);
  const auto call = scene.application.last();
  EXPECT_EQ(call.method, http::Method::post);
  EXPECT_EQ(call.max_redirects, 0);
  EXPECT_LE(call.total_timeout, 5s);

  const std::string token = scene.last_token();
  const auto keys = run_task(scene.keys.get(kTenant));
  const auto jws = jose::Jws::parse(token);
  ASSERT_TRUE(jws && jose::verify(*jws, keys->public_keys(), accepted_algorithms()));
  EXPECT_EQ(text_at(header_of(token), "typ"), "JWT");
  auto claims = claims_of(token);
  EXPECT_FALSE(claims.contains("nonce"));
  EXPECT_EQ(text_at(claims, "jti").size(), 32u);
  EXPECT_EQ(text_at(claims, "trace_id").size(), 16u);
  claims.erase("jti");
  claims.erase("trace_id");
  EXPECT_EQ(bj::serialize(claims),
            R"({"iss":"https://id.example.com/","sub":"oidc|acme|ada","aud":"web","iat":1700000000,"exp":1700000120,)"
            R"("sid":"sid-1","events":{"http://schemas.openid.net/event/backchannel-logout":{}}})");
  EXPECT_EQ(scene.count("log_events", "type = 'oidc_backchannel_logout_succeeded'"), 1);
}

TEST(LogoutDelivery, TheClientChoosesTypAndAlgorithm) {
  Scene scene;
  scene.patch_client("web",
                     {{"backchannel_logout_token_typ", "logout+jwt"}, {"jwt_configuration", {{"alg", "ES256"}}}});
  scene.end();
  scene.work();
  const auto header = header_of(scene.last_token());
  EXPECT_EQ(text_at(header, "typ"), "logout+jwt");
  EXPECT_EQ(text_at(header, "alg"), "ES256");
}

// BC-2, BC-3
TEST(LogoutDelivery, AnApplicationHearsOfWhatItSelected) {
  const struct {
    const char* name;
    bj::object initiators;
    LogoutInitiator cause;
    bool hears;
  } rows[] = {
      {"default, rp-logout", {}, LogoutInitiator::rp_logout, true},
      {"default, idp-logout", {}, LogoutInitiator::idp_logout, true},
      {"default, session-expired", {}, LogoutInitiator::session_expired, false},
      {"all", {{"mode", "all"}}, LogoutInitiator::session_expired, true},
      {"selected",
       {{"mode", "custom"}, {"selected_initiators", {"rp-logout", "account-deactivated"}}},
       LogoutInitiator::account_deactivated,
       true},
      {"not selected",
       {{"mode", "custom"}, {"selected_initiators", {"rp-logout", "account-deactivated"}}},
       LogoutInitiator::account_deleted,
       false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Scene scene;
    bj::object logout{{"backchannel_logout_urls", {kTarget}}};
    if (!row.initiators.empty()) logout["backchannel_logout_initiators"] = row.initiators;
    scene.patch_client("web", {{"oidc_logout", logout}});
    scene.end(row.cause);
    EXPECT_EQ(scene.work(), row.hears ? 1u : 0u);
  }
}

TEST(LogoutDelivery, OnlyApplicationsOfTheSessionHear) {
  Scene scene;
  scene.patch_client("basic", {{"oidc_logout", {{"backchannel_logout_urls", {"https://basic.example.com/out"}}}}});
  scene.end();
  EXPECT_EQ(scene.waiting(), 1);
  scene.end();
  EXPECT_EQ(scene.waiting(), 1) << "a session ends once";
}

// BC-8
TEST(LogoutDelivery, AFailureIsTriedAgainWithANewToken) {
  Scene scene;
  scene.application.on(kTarget, 503, "");
  scene.end();
  std::vector<std::string> seen;
  for (const auto pause : {0s, 5s, 30s, 120s, 600s}) {
    scene.clock.advance(pause - 1ms);
    if (pause.count() > 0) EXPECT_EQ(scene.work(), 0u) << "too early";
    scene.clock.advance(1ms);
    ASSERT_EQ(scene.work(), 1u);
    seen.push_back(text_at(claims_of(scene.last_token()), "jti"));
  }
  EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), 5u);
  EXPECT_EQ(scene.waiting(), 0) << "after the fifth it is given up";
  EXPECT_EQ(scene.count("log_events", "type = 'oidc_backchannel_logout_failed'"), 1);
}

TEST(LogoutDelivery, SomeAnswersAreFinal) {
  for (const int status : {302, 400, 401, 403, 404, 410, 501}) {
    SCOPED_TRACE(status);
    Scene scene;
    scene.application.on(kTarget, status, "");
    scene.end();
    scene.work();
    EXPECT_EQ(scene.waiting(), 0);
    EXPECT_EQ(scene.count("log_events", "type = 'oidc_backchannel_logout_failed'"), 1);
  }
  Scene timeout;
  timeout.application.on(kTarget, http::FetchFailure::timeout);
  timeout.end();
  timeout.work();
  EXPECT_EQ(timeout.waiting(), 1);
  Scene forbidden;
  forbidden.application.on(kTarget, http::FetchFailure::address_not_allowed);
  forbidden.end();
  forbidden.work();
  EXPECT_EQ(forbidden.waiting(), 0);
}

// BC-10
TEST(LogoutDelivery, AnAddressThatWasTakenAwayHearsNothing) {
  Scene scene;
  scene.end();
  scene.patch_client("web", {{"oidc_logout", {{"backchannel_logout_urls", {"https://new.example.com/out"}}}}});
  scene.work();
  EXPECT_TRUE(scene.application.requests().empty());
  EXPECT_EQ(scene.waiting(), 0);
}

// BC-9
TEST(LogoutDelivery, AnAddressThatFailsTwentyTimesIsLeftAlone) {
  Scene scene;
  scene.application.on(kTarget, 500, "");
  const auto item = [](int n) {
    store::OutboxItem one;
    one.tenant = kTenant;
    one.id = "n" + std::to_string(n);
    one.kind = login::kLogoutNotice;
    one.target = kTarget;
    one.doc = login::to_document(
        {ClientId("web"), UserId("u"), SessionId("s" + std::to_string(n)), "https://id.example.com/", "rp-logout"});
    one.due_at = one.created_at = kStart;
    return one;
  };
  scene.write([&](db::Transaction& tx) {
    for (int i = 0; i < 25; ++i) store::OutboxStore(tx).insert(item(i));
  });
  EXPECT_EQ(scene.work(), 25u);
  EXPECT_EQ(scene.application.count(kTarget), 20);
  scene.application.on(kTarget, 200, "");
  scene.clock.advance(61s);
  scene.work();
  EXPECT_EQ(scene.waiting(), 0);
}

TEST(LogoutDelivery, TwoWorkersNeverTakeTheSameNotice) {
  Scene scene;
  scene.end();
  LogoutDelivery other(*scene.db, scene.keys, scene.workers, scene.application, scene.clock, scene.random, {});
  EXPECT_EQ(run_task(scene.delivery.take_due(100)).size(), 1u);
  EXPECT_TRUE(run_task(other.take_due(100)).empty());
  scene.clock.advance(30s);
  EXPECT_EQ(run_task(other.take_due(100)).size(), 1u) << "the first one died";
}

// LO-30, LO-33
TEST(EndSession, TakesWhatLivesByTheSession) {
  Scene scene;
  auto request = Provider::authorization();
  const auto online = json_of(scene.post_token(Provider::redemption(scene.code(request))));
  request.scope = {"openid", "offline_access"};
  const auto offline = json_of(scene.post_token(Provider::redemption(scene.code(request))));
  const std::string waiting_code = scene.code();
  scene.end();
  EXPECT_EQ(scene.count("sessions"), 0);
  EXPECT_EQ(scene.count("session_clients"), 0);
  EXPECT_EQ(scene.post_token(Provider::redemption(waiting_code)).status, 400);
  EXPECT_EQ(scene.get_userinfo(text_at(online, "access_token")).status, 401);
  EXPECT_EQ(scene.get_userinfo(text_at(offline, "access_token")).status, 200);
  EXPECT_EQ(scene.count("refresh_tokens"), 1) << "RT-11";
}

}  // namespace
}  // namespace symbolon::oidc
