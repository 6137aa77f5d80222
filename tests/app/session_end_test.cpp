#include "app/session_end.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/database.h"
#include "login/end_session.h"
#include "store/client_store.h"
#include "store/outbox_store.h"
#include "store/session_store.h"
#include "support/run_task.h"

// What the Management API ends, applications hear of under the cause that they selected (login-runtime BC-3).
namespace symbolon::app {
namespace {

using management::EndCause;
using testing::ElementsAre;
using testing::IsEmpty;

const TenantId kTenant{"default"};
const SessionId kSession{"sid"};
const Instant kNow = from_epoch_seconds(1'800'000'000);

// An application that listens for one cause, and somebody who is signed in to it.
void populate(db::Transaction& tx, const std::string& initiator) {
  const std::string doc =
      R"({"client_id":"app","name":"App","oidc_logout":{"backchannel_logout_urls":["https://app.example.com/out"],)"
      R"("backchannel_logout_initiators":{"mode":"custom","selected_initiators":[")" +
      initiator + R"("]}}})";
  store::ClientStore(tx, kTenant).insert(store::client_from_document(kTenant, doc));
  model::Session session;
  session.tenant = kTenant;
  session.id = kSession;
  session.user = UserId("oidc|corp|jane");
  session.base_url = "https://id.example.com";
  session.cookie.bytes = "cookie";
  session.created_at = kNow;
  session.idle_expires_at = session.expires_at = kNow + std::chrono::hours(1);
  store::SessionStore sessions(tx, kTenant);
  sessions.insert(session);
  sessions.add_client(kSession, ClientId("app"), kNow);
}

// What the application will be told when the session ends for `cause`.
std::vector<std::string> told(const std::string& initiator, EndCause cause) {
  auto database = db::open_database("sqlite::memory:");
  return run_task(database->write([&](db::Transaction& tx) {
    populate(tx, initiator);
    StoredSessionEnd ending;
    EXPECT_TRUE(ending.end(tx, kTenant, kSession, cause, kNow));
    EXPECT_FALSE(ending.end(tx, kTenant, kSession, cause, kNow)) << "it has ended already";
    EXPECT_FALSE(store::SessionStore(tx, kTenant).find(kSession));
    std::vector<std::string> initiators;
    for (const auto& item : store::OutboxStore(tx).find_due("https://app.example.com/out", kNow, 10))
      initiators.push_back(login::notice_from_document(item.doc).initiator);
    return initiators;
  }));
}

TEST(SessionEnd, EachCauseHasItsName) {
  EXPECT_THAT(told("session-revoked", EndCause::session_revoked), ElementsAre("session-revoked"));
  EXPECT_THAT(told("account-deleted", EndCause::account_deleted), ElementsAre("account-deleted"));
  EXPECT_THAT(told("account-deactivated", EndCause::account_deactivated), ElementsAre("account-deactivated"));
}

TEST(SessionEnd, OtherCausesAreNotHeardOf) {
  EXPECT_THAT(told("account-deleted", EndCause::session_revoked), IsEmpty());
  EXPECT_THAT(told("session-revoked", EndCause::account_deleted), IsEmpty());
  EXPECT_THAT(told("account-deleted", EndCause::account_deactivated), IsEmpty());
}

}  // namespace
}  // namespace symbolon::app
