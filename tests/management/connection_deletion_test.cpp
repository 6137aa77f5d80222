#include "login/connection_end.h"
#include "management/connections_test.h"
#include "store/connection_store.h"
#include "store/session_store.h"
#include "store/user_store.h"

// DELETE /api/v2/connections/{id}, and what goes with the connection.
namespace symbolon::management {
namespace {

namespace json = boost::json;

TEST_F(ConnectionsTest, ANameIsFreeAgainAfterDeletion) {
  const std::string id = make_connection("again");
  const Reply gone = remove("/connections/" + id);
  EXPECT_EQ(gone.status, 202);
  EXPECT_EQ(gone.at("/deleted_at"), to_iso8601(clock_.now()));
  EXPECT_EQ(remove("/connections/" + id).status, 204);
  const Reply read = get("/connections/" + id);
  EXPECT_EQ(read.status, 404);
  EXPECT_EQ(read.at("/errorCode"), "inexistent_connection");
  EXPECT_EQ(read.message(), "The connection does not exist");
  EXPECT_EQ(create("again", explicit_options()).status, 201);
}

TEST_F(ConnectionsTest, DeletionTakesTheConnectionsUsersAlong) {
  const std::string id = make_connection("leaving");
  write([&](db::Transaction& tx) {
    model::User user;
    user.tenant = kTenant;
    user.id = UserId("oidc|leaving|jane");
    user.profile = "{}";
    user.identities = {{ConnectionId(id), "leaving", "oidc", "jane", "", clock_.now()}};
    store::UserStore(tx, kTenant).insert(user);
  });
  EXPECT_EQ(get("/users/oidc%7Cleaving%7Cjane").status, 200);
  remove("/connections/" + id);
  EXPECT_EQ(get("/users/oidc%7Cleaving%7Cjane").status, 404);
}

// Login-runtime BC-3: applications hear why their users' sessions ended.
TEST_F(ConnectionsTest, DeletionEndsSessionsAndTellsTheirApplications) {
  const std::string id = make_connection("leaving");
  const std::string client =
      post("/clients", R"({"name":"app","oidc_logout":{"backchannel_logout_urls":["https://app.example.com/out"],)"
                       R"("backchannel_logout_initiators":{"mode":"all"}}})")
          .id("client_id");
  const auto add_user = [&](db::Transaction& tx, const char* user_id, const std::string& primary) {
    model::User user;
    user.tenant = kTenant;
    user.id = UserId(user_id);
    user.profile = "{}";
    user.identities = {{ConnectionId(primary), "c", "oidc", user_id, "", clock_.now()}};
    store::UserStore(tx, kTenant).insert(user);
  };
  const auto add_session = [&](db::Transaction& tx, const char* session_id, const char* user, const std::string& over) {
    model::Session session;
    session.tenant = kTenant;
    session.id = SessionId(session_id);
    session.user = UserId(user);
    session.connection = ConnectionId(over);
    session.cookie = {std::string(session_id)};
    session.base_url = "https://default.example.com";
    session.created_at = clock_.now();
    session.idle_expires_at = session.expires_at = clock_.now() + std::chrono::hours(1);
    store::SessionStore sessions(tx, kTenant);
    sessions.insert(session);
    sessions.add_client(session.id, ClientId(client), clock_.now());
  };
  write([&](db::Transaction& tx) {
    add_user(tx, "jane", id);
    add_user(tx, "joe", "con_other");
    add_session(tx, "of-jane", "jane", id);
    add_session(tx, "of-jane-elsewhere", "jane", "con_other");
    add_session(tx, "of-joe", "joe", id);
    add_session(tx, "of-joe-elsewhere", "joe", "con_other");
  });
  EXPECT_EQ(remove("/connections/" + id).status, 202);
  const std::string told = read([](db::Transaction& tx) {
    std::string text;
    for (const db::Row& row : tx.query("SELECT doc FROM outbox ORDER BY id")) {
      const auto doc = json::parse(row.text(0));
      text += std::string(doc.at("sid").as_string()) + ": " + std::string(doc.at("initiator").as_string()) + "\n";
    }
    return text;
  });
  EXPECT_EQ(told, "of-jane-elsewhere: account-deleted\nof-jane: account-deleted\nof-joe: session-revoked\n");
  read([&](db::Transaction& tx) {
    EXPECT_TRUE(store::SessionStore(tx, kTenant).find(SessionId("of-joe-elsewhere")));
    EXPECT_EQ(tx.query("SELECT 1 FROM sessions").size(), 1u);
    EXPECT_EQ(tx.query("SELECT 1 FROM connection_remains").size(), 0u);
  });
}

// As after a crash between the commit that removed the connection and the last of those that follow.
TEST_F(ConnectionsTest, ADeletionThatWasInterruptedIsFinishedLater) {
  for (const char* name : {"one", "two"}) {
    const std::string id = make_connection(name);
    write([&](db::Transaction& tx) {
      for (int i = 0; i < 120; ++i) {
        model::User user;
        user.tenant = kTenant;
        user.id = UserId(std::string(name) + std::to_string(i));
        user.profile = "{}";
        user.identities = {{ConnectionId(id), name, "oidc", user.id.str(), "", clock_.now()}};
        store::UserStore(tx, kTenant).insert(user);
      }
      store::ConnectionStore(tx, kTenant).remove(ConnectionId(id));
    });
    run_task(login::end_connection(*database_, kTenant, ConnectionId(id), clock_.now(), 1));
  }
  EXPECT_EQ(read([](db::Transaction& tx) { return tx.query("SELECT 1 FROM users").size(); }), 40u);
  run_task(login::end_removed_connections(*database_, clock_.now()));
  for (const char* table : {"users", "identities", "connection_remains"})
    EXPECT_EQ(read([&](db::Transaction& tx) { return tx.query("SELECT 1 FROM " + std::string(table)).size(); }), 0u);
}

}  // namespace
}  // namespace symbolon::management
