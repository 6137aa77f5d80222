#include "oidc/logout_delivery.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
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
    const auto items = run_task(delivery.take_due());
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

// BC-9: many notices, some for slow applications.
struct Queue : Scene {
  void add(const std::string& target, int how_many, std::chrono::milliseconds waits_for = 0ms) {
    write([&](db::Transaction& tx) {
      for (int i = 0; i < how_many; ++i) {
        store::OutboxItem item;
        item.tenant = kTenant;
        item.id = "notice " + std::to_string(++added_);
        item.kind = login::kLogoutNotice;
        item.target = target;
        item.doc = login::to_document({ClientId("web"), UserId("u"), SessionId("s"), "https://id.example.com/", "rp-logout"});
        item.due_at = item.created_at = clock.now() - waits_for;
        store::OutboxStore(tx).insert(item);
      }
    });
  }
  /// What goes on its way now, and stays there until it is delivered.
  std::vector<store::OutboxItem> send() { return run_task(delivery.take_due()); }
  void arrive(const std::vector<store::OutboxItem>& items) {
    for (const auto& item : items) run_task(delivery.deliver(item));
  }
  static std::map<std::string, int> by_target(const std::vector<store::OutboxItem>& items) {
    std::map<std::string, int> counts;
    for (const auto& item : items) ++counts[item.target];
    return counts;
  }

 private:
  int added_ = 0;
};

TEST(LogoutDelivery, ASlowAddressHoldsUpNobodyElse) {
  using Counts = std::map<std::string, int>;
  Queue queue;
  queue.add("https://slow.example/out", 100, 1h);
  queue.add("https://quick.example/out", 3);
  const auto first = queue.send();
  EXPECT_EQ(Queue::by_target(first), (Counts{{"https://slow.example/out", 4}, {"https://quick.example/out", 3}}));
  EXPECT_TRUE(queue.send().empty()) << "four are on their way to the slow one";
  queue.add("https://another.example/out", 1);
  EXPECT_EQ(Queue::by_target(queue.send()), (Counts{{"https://another.example/out", 1}}));
  const auto slow = std::ranges::find(first, "https://slow.example/out", &store::OutboxItem::target);
  queue.arrive({*slow});
  EXPECT_EQ(Queue::by_target(queue.send()), (Counts{{"https://slow.example/out", 1}}));
}

TEST(LogoutDelivery, PlacesGoAroundAllAddressesFirst) {
  Queue queue;
  for (int i = 0; i < 10; ++i) queue.add("https://slow-" + std::to_string(i) + ".example/out", 10, 1h);
  for (int i = 0; i < 10; ++i) queue.add("https://quick-" + std::to_string(i) + ".example/out", 1);
  const auto sent = queue.send();
  EXPECT_EQ(sent.size(), 32u) << "altogether";
  const auto counts = Queue::by_target(sent);
  EXPECT_EQ(counts.size(), 20u) << "everybody has one on its way before anybody has many";
  EXPECT_TRUE(queue.send().empty());
  queue.arrive(sent);
  EXPECT_FALSE(queue.send().empty());
}

TEST(LogoutDelivery, OfOneAddressTheLongestWaitingGoesFirst) {
  Queue queue;
  queue.add(kTarget, 1);
  queue.add(kTarget, 1, 2h);
  queue.add(kTarget, 1, 1h);
  std::string order;
  for (const auto& item : queue.send()) order += item.id + ", ";
  EXPECT_EQ(order, "notice 2, notice 3, notice 1, ");
}

TEST(LogoutDelivery, AnAddressThatFailsTwentyTimesIsLeftAloneForAMinute) {
  Queue queue;
  queue.application.on(kTarget, 500, "");
  queue.add(kTarget, 30);
  for (int round = 0; round < 5; ++round) queue.arrive(queue.send());
  EXPECT_EQ(queue.application.count(kTarget), 20);
  EXPECT_TRUE(queue.send().empty());
  queue.clock.advance(60s - 1ms);
  EXPECT_TRUE(queue.send().empty());
  EXPECT_EQ(queue.waiting(), 30) << "nothing is lost, and no attempt is spent";

  queue.clock.advance(1ms);
  queue.arrive({queue.send().at(0)});
  EXPECT_EQ(queue.application.count(kTarget), 21);
  EXPECT_TRUE(queue.send().empty()) << "one look was enough";

  queue.clock.advance(60s);
  queue.application.on(kTarget, 200, "");
  while (queue.work() > 0) {
  }
  EXPECT_EQ(queue.waiting(), 0);
}

TEST(LogoutDelivery, WhatWaitsAnHourForADeadAddressIsGivenUpAPieceAtATime) {
  Queue queue;
  queue.application.on(kTarget, 500, "");
  queue.add(kTarget, 250);
  for (int round = 0; round < 5; ++round) queue.arrive(queue.send());
  queue.clock.advance(1h - 1ms);
  EXPECT_FALSE(run_task(queue.delivery.give_up_overdue()));
  EXPECT_EQ(queue.waiting(), 250);
  queue.clock.advance(1ms);
  EXPECT_TRUE(run_task(queue.delivery.give_up_overdue()));
  EXPECT_EQ(queue.waiting(), 150);
  while (run_task(queue.delivery.give_up_overdue())) {
  }
  EXPECT_EQ(queue.waiting(), 20) << "those that were tried are due later";
  queue.clock.advance(5s);
  EXPECT_FALSE(run_task(queue.delivery.give_up_overdue()));
  EXPECT_EQ(queue.waiting(), 0);
  EXPECT_EQ(queue.application.count(kTarget), 20);
  EXPECT_EQ(queue.count("log_events", "type = 'oidc_backchannel_logout_failed'"), 250);
  EXPECT_EQ(queue.count("log_events", R"(details LIKE '%"attempts":0,%"error":"not delivered within an hour"%')"), 230);
  EXPECT_EQ(queue.count("log_events", R"(details LIKE '%"attempts":1,%"error":"not delivered within an hour"%')"), 20);
}

TEST(LogoutDelivery, NobodyHearsThatANoticeForAFormerAddressWasGivenUp) {
  Queue queue;
  queue.add("https://former.example/out", 3);
  queue.clock.advance(1h);
  run_task(queue.delivery.give_up_overdue());
  EXPECT_EQ(queue.waiting(), 0);
  EXPECT_EQ(queue.count("log_events", "type = 'oidc_backchannel_logout_failed'"), 0);
}

TEST(LogoutDelivery, AFailureIsTheLastOneWhenTheNextAttemptComesTooLate) {
  Queue queue;
  queue.application.on(kTarget, 500, "");
  queue.add(kTarget, 1);
  queue.clock.advance(1h - 5s);
  queue.arrive(queue.send());
  EXPECT_EQ(queue.waiting(), 1);
  queue.clock.advance(5s);
  queue.arrive(queue.send());
  EXPECT_EQ(queue.waiting(), 0);
  EXPECT_EQ(queue.count("log_events", "type = 'oidc_backchannel_logout_failed'"), 1);
}

TEST(LogoutDelivery, AServerThatWasDownStillTriesWhatIsOld) {
  Queue queue;
  queue.application.on(kTarget, 500, "");
  queue.add(kTarget, 2);
  queue.clock.advance(5h);
  LogoutDelivery restarted(*queue.db, queue.keys, queue.workers, queue.application, queue.clock, queue.random, {});
  EXPECT_FALSE(run_task(restarted.give_up_overdue()));
  EXPECT_EQ(queue.waiting(), 2);
  for (const auto& item : run_task(restarted.take_due())) run_task(restarted.deliver(item));
  EXPECT_EQ(queue.waiting(), 2);
  EXPECT_EQ(queue.count("log_events", "type = 'oidc_backchannel_logout_failed'"), 0);
}

TEST(LogoutDelivery, WhoeverComesBackLooksAgainOnlyWhenSomethingWasLeftBehind) {
  const auto more = [](Queue& queue) { return run_task(queue.delivery.take_more()).size(); };
  {
    Queue queue;
    queue.add(kTarget, 3);
    queue.arrive(queue.send());
    queue.add("https://another.example/out", 1);
    EXPECT_EQ(more(queue), 0u) << "there were places for all, so nobody looked";
    EXPECT_EQ(queue.send().size(), 1u);
  }
  {
    Queue queue;
    queue.add(kTarget, 6);
    queue.arrive(queue.send());
    EXPECT_EQ(more(queue), 2u) << "the address was full";
  }
  {
    Queue queue;
    for (int i = 0; i < 40; ++i) queue.add("https://app-" + std::to_string(i) + ".example/out", 1);
    queue.arrive(queue.send());
    EXPECT_EQ(more(queue), 8u) << "all places were taken";
  }
  {
    Queue queue;
    queue.application.on(kTarget, 500, "");
    queue.add(kTarget, 30);
    for (int round = 0; round < 5; ++round) queue.arrive(queue.send());
    EXPECT_TRUE(queue.send().empty());
    queue.add("https://another.example/out", 1);
    EXPECT_EQ(more(queue), 0u) << "an address that is left alone is no reason to look";
  }
}

TEST(LogoutDelivery, AnAnswerEndsTheCountOfFailures) {
  Queue queue;
  for (int i = 0; i < 3; ++i) {
    queue.application.on(kTarget, 500, "");
    queue.add(kTarget, 19);
    for (int sent = 0; sent < 19; sent += 4) queue.arrive(queue.send());
    queue.application.on(kTarget, 200, "");
    queue.add(kTarget, 1, 1h);
    queue.arrive(queue.send());
  }
  EXPECT_EQ(queue.application.count(kTarget), 60);
}

TEST(LogoutDelivery, ABrokenDatabaseGivesThePlacesBack) {
  Queue queue;
  queue.add(kTarget, 8);
  constexpr const char* kBreak = "CREATE TRIGGER broken BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'broken'); END";
  for (int round = 0; round < 3; ++round) {
    queue.write([](db::Transaction& tx) { tx.execute(kBreak); });
    EXPECT_THROW(queue.send(), db::DatabaseError);
    queue.write([](db::Transaction& tx) { tx.execute("DROP TRIGGER broken"); });
  }
  EXPECT_EQ(queue.send().size(), 4u);
}

TEST(LogoutDelivery, TwoWorkersNeverTakeTheSameNotice) {
  Scene scene;
  scene.end();
  LogoutDelivery other(*scene.db, scene.keys, scene.workers, scene.application, scene.clock, scene.random, {});
  EXPECT_EQ(run_task(scene.delivery.take_due()).size(), 1u);
  EXPECT_TRUE(run_task(other.take_due()).empty());
  scene.clock.advance(30s);
  EXPECT_EQ(run_task(other.take_due()).size(), 1u) << "the first one died";
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
