// What a browser may use once: the state of a sign-in, the provider's token, a page's answer, the link of a test.
#include <gtest/gtest.h>

#include "races/scene.h"
#include "store/ticket_store.h"
#include "tickets/try_link.h"

namespace symbolon::oidc {
namespace {

using login::Finish;
using login::Finished;

std::string numbered(const char* name, int n) { return std::string(name) + std::to_string(n); }

Task<Finish::Outcome> finish(Scene& scene, model::Tenant tenant, model::Client client, tickets::LoginTicket ticket,
                             upstream::ProvenIdentity identity, std::string cookie) {
  http::Request http = scene.arrival();
  if (!cookie.empty()) http.headers.set("Cookie", "__Host-bs=" + cookie);
  co_return co_await scene.finish.run(std::move(http), std::move(tenant), std::move(client), std::move(ticket),
                                      std::move(identity));
}

// A sign-in that comes back from the provider; it wins when it ends in a code.
Task<bool> arrive(Scene& scene, model::Tenant tenant, model::Client client, tickets::LoginTicket ticket,
                  upstream::ProvenIdentity identity) {
  const auto outcome = co_await finish(scene, std::move(tenant), std::move(client), std::move(ticket),
                                       std::move(identity), std::string());
  co_return std::holds_alternative<Finished>(outcome);
}

// The same browser each time; it wins when it goes on with the session `sid-1`.
Task<bool> arrive_signed_in(Scene& scene, model::Tenant tenant, model::Client client, tickets::LoginTicket ticket,
                            upstream::ProvenIdentity identity) {
  const auto outcome = co_await finish(scene, std::move(tenant), std::move(client), std::move(ticket),
                                       std::move(identity), std::string("the-cookie"));
  const auto* done = std::get_if<Finished>(&outcome);
  co_return done && done->issued.who.session.id == SessionId("sid-1");
}

// The answer of the first-contact page.
Task<bool> answer(Scene& scene, model::Tenant tenant, model::Client client, model::TicketHash pending) {
  login::ContactAnswer chosen{.pending = std::move(pending), .choice = login::ContactAnswer::NewAccount{}};
  http::Request http = scene.arrival();
  const auto outcome =
      co_await scene.finish.resume(std::move(http), std::move(tenant), std::move(client), std::move(chosen));
  co_return std::holds_alternative<Finished>(outcome);
}

Task<bool> open_test(Scene& scene, std::string ticket) {
  http::Request http = scene.request(http::Method::get, "/try/" + ticket);
  http.parameters["ticket"] = ticket;
  const http::Response response = co_await scene.try_connection.begin(std::move(http));
  co_return response.status == 302;
}

class LoginRace : public testing::Test {
 protected:
  /// Arrivals of client web, each changed in its way; how many of them win.
  template <class Attempt, class Change>
  int winners(Attempt attempt, Change change) {
    const model::Tenant tenant = scene.tenant();
    const model::Client client = scene.client("web");
    return scene.winners([&](Scene& at, int n) {
      tickets::LoginTicket ticket = ticket_;
      upstream::ProvenIdentity identity = identity_;
      change(ticket, identity, n);
      return attempt(at, tenant, client, std::move(ticket), std::move(identity));
    });
  }

  Scene scene;
  tickets::LoginTicket ticket_ = scene.login_ticket("state");
  upstream::ProvenIdentity identity_ = scene.proved("ada");
};

TEST_F(LoginRace, SEC14AStateIsSpentOnce) {
  EXPECT_EQ(winners(arrive, [](auto&, auto&, int) {}), 1);
  EXPECT_EQ(scene.count("sessions"), 2) << "the one that was there, and the winner's";
  EXPECT_EQ(scene.count("authorization_codes"), 1);
  EXPECT_EQ(scene.count("log_events", "type = 's'"), 1);
}

TEST_F(LoginRace, V17AFrontChannelTokenSignsInOnce) {
  EXPECT_EQ(winners(arrive,
                    [this](auto& ticket, auto& identity, int n) {
                      ticket.state = numbered("state-", n);
                      identity.replay_key = "the token's jti";
                      identity.replay_expires_at = scene.clock.now() + std::chrono::minutes(5);
                    }),
            1);
  EXPECT_EQ(scene.count("authorization_codes"), 1);
}

TEST_F(LoginRace, SomebodyNewWhoArrivesEverywhereIsOneUser) {
  identity_ = scene.proved("grace");
  EXPECT_EQ(winners(arrive, [](auto& ticket, auto&, int n) { ticket.state = numbered("state-", n); }), kContenders);
  EXPECT_EQ(scene.count("users", "user_id = 'oidc|acme|grace'"), 1);
  EXPECT_EQ(scene.count("users", "user_id = 'oidc|acme|grace' AND logins_count = " + std::to_string(kContenders)), 1);
}

TEST_F(LoginRace, SE3OneArrivalGoesOnWithTheBrowsersSession) {
  EXPECT_EQ(winners(arrive_signed_in, [](auto& ticket, auto&, int n) { ticket.state = numbered("state-", n); }), 1);
}

TEST_F(LoginRace, APageOfFirstContactIsAnsweredOnce) {
  scene.change_connection([](model::Connection& connection) {
    connection.upstream.first_contact = {
        .linking_allowed = false, .creation_allowed = true, .auto_creation = false, .stated = true};
  });
  identity_ = scene.proved("grace");
  const auto outcome = run_task(
      finish(scene, scene.tenant(), scene.client("web"), scene.login_ticket("state"), identity_, std::string()));
  const auto* waiting = std::get_if<login::AwaitingContact>(&outcome);
  ASSERT_TRUE(waiting);
  const model::Tenant tenant = scene.tenant();
  const model::Client client = scene.client("web");
  EXPECT_EQ(scene.winners([&](Scene& at, int) { return answer(at, tenant, client, waiting->key.hash); }), 1);
  EXPECT_EQ(scene.count("users", "user_id = 'oidc|acme|grace'"), 1);
  EXPECT_EQ(scene.count("authorization_codes"), 1);
}

TEST_F(LoginRace, DB3TheLinkOfATestWorksOnce) {
  const tickets::TryLink link = tickets::make_try_link(scene.random);
  scene.write([&](db::Transaction& tx) {
    const tickets::TryOrder order{ConnectionId("con_acme"), ClientId("web"), kStart + tickets::kTryLinkLifetime};
    store::TicketStore(tx, kTenant)
        .insert({.kind = store::TicketKind::try_connection,
                 .hash = tickets::try_order_hash(link.report_id),
                 .subject = order.connection.str(),
                 .doc = to_document(order),
                 .created_at = kStart,
                 .expires_at = kStart + tickets::kTryLifetime,
                 .used_at = {}});
  });
  EXPECT_EQ(scene.winners([&](Scene& at, int) { return open_test(at, link.ticket); }), 1);
}

}  // namespace
}  // namespace symbolon::oidc
