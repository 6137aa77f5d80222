// What ends a sign-in once: a session, a provider's logout token, the way back from the provider, the delivery of a notice.
#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>

#include "http/form.h"
#include "login/end_session.h"
#include "races/scene.h"
#include "store/outbox_store.h"
#include "store/ticket_store.h"
#include "tickets/opaque.h"

namespace symbolon::oidc {
namespace {

constexpr const char* kTarget = "https://app.example.com/backchannel-logout";
constexpr const char* kBye = "https://app.example.com/bye";

// Client web hears of logouts and has a part in the session.
void listen(Scene& scene) {
  scene.patch_client("web", {{"oidc_logout", {{"backchannel_logout_urls", {kTarget}}}}});
  scene.post_token(Provider::redemption(scene.code()));
  scene.outbound.on(kTarget, 200, "");
}

Task<bool> end(Scene& scene) {
  co_return co_await scene.db->write([&scene](db::Transaction& tx) {
    return login::end_session(tx, kTenant, SessionId("sid-1"), login::LogoutInitiator::rp_logout, scene.clock.now())
        .has_value();
  });
}

TEST(LogoutRace, LO30ASessionEndsOnceAndIsToldOnce) {
  Scene scene;
  listen(scene);
  EXPECT_EQ(scene.winners([](Scene& at, int) { return end(at); }), 1);
  EXPECT_EQ(scene.count("outbox"), 1);
}

Task<bool> tell(Scene& scene, std::string token) {
  http::Request request = scene.request(http::Method::post, "/oauth/backchannel-logout/connection/acme");
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.parameters["name"] = "acme";
  request.body = http::encode_form({{"logout_token", token}});
  const http::Response response = co_await scene.backchannel_logout.handle(std::move(request));
  co_return response.status == 200;
}

TEST(LogoutRace, SEC46AProvidersLogoutTokenIsTakenOnce) {
  Scene scene;
  const std::string token = scene.logout_token();
  EXPECT_EQ(scene.winners([&](Scene& at, int) { return tell(at, token); }), 1);
  EXPECT_LE(scene.outbound.count("https://idp.example/keys"), 1) << "all of them share one look at the keys";
}

Task<bool> come_back(Scene& scene, std::string state) {
  http::Request request = scene.request(http::Method::get, "/logout/callback");
  request.query = http::encode_form({{"state", state}});
  const http::Response response = co_await scene.logout.come_back(std::move(request));
  co_return response.headers.get("Location") == kBye;
}

TEST(LogoutRace, LO42TheWayBackFromTheProviderLeadsOnOnce) {
  Scene scene;
  const auto trip = tickets::make_ticket(scene.random, "federated_logout");
  scene.write([&](db::Transaction& tx) {
    store::StoredTicket ticket;
    ticket.kind = store::TicketKind::federated_logout;
    ticket.hash = trip.hash;
    ticket.doc = boost::json::serialize(boost::json::object{{"url", kBye}});
    ticket.created_at = kStart;
    ticket.expires_at = kStart + std::chrono::minutes(10);
    store::TicketStore(tx, kTenant).insert(ticket);
  });
  EXPECT_EQ(scene.winners([&](Scene& at, int) { return come_back(at, trip.value); }), 1);
}

// Several servers on one database: each has its own idea of what is on its way.
Task<bool> work_off(Scene& scene) {
  LogoutDelivery server(*scene.db, scene.keys, scene.workers, scene.outbound, scene.clock, scene.random, {});
  const auto items = co_await server.take_due();
  for (const store::OutboxItem& item : items) co_await server.deliver(item);
  co_return !items.empty();
}

TEST(LogoutRace, BC9ANoticeIsDeliveredOnce) {
  Scene scene;
  listen(scene);
  run_task(end(scene));
  EXPECT_EQ(scene.winners([](Scene& at, int) { return work_off(at); }), 1);
  EXPECT_EQ(scene.outbound.count(kTarget), 1);
  EXPECT_EQ(scene.count("outbox"), 0);
}

Task<bool> take(Scene& scene, std::vector<store::OutboxItem>& all, std::mutex& guard) {
  auto items = co_await scene.delivery.take_due();
  const std::lock_guard lock(guard);
  std::ranges::move(items, std::back_inserter(all));
  co_return !items.empty();
}

TEST(LogoutRace, BC9OneServerSendsFourAtATimeToOneAddressWhoeverAsks) {
  Scene scene;
  listen(scene);
  scene.write([&](db::Transaction& tx) {
    for (int i = 0; i < 20; ++i) {
      store::OutboxItem item;
      item.tenant = kTenant;
      item.id = "notice " + std::to_string(i);
      item.kind = login::kLogoutNotice;
      item.target = kTarget;
      item.doc = login::to_document({ClientId("web"), UserId("u"), SessionId("s"), "https://id.example.com/", "rp-logout"});
      item.due_at = item.created_at = kStart;
      store::OutboxStore(tx).insert(item);
    }
  });
  for (int round = 0; round < 5; ++round) {
    std::vector<store::OutboxItem> taken;
    std::mutex guard;
    scene.winners([&](Scene& at, int) { return take(at, taken, guard); }, 20);
    EXPECT_EQ(taken.size(), 4u);
    for (const store::OutboxItem& item : taken) run_task(scene.delivery.deliver(item));
  }
  EXPECT_EQ(scene.count("outbox"), 0);
  EXPECT_EQ(scene.outbound.count(kTarget), 20);
}

}  // namespace
}  // namespace symbolon::oidc
