#include "store/connection_remains.h"

#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/grant_store.h"
#include "store/plain_connection.h"
#include "store/session_store.h"
#include "store/store_test.h"
#include "store/table_dump.h"
#include "store/user_store.h"

namespace symbolon::store {
namespace {

class ConnectionRemainsTest : public StoreTest {};

// Everything that could name the connection, also of people who only linked an account on it.
void use_connection(db::Transaction& tx) {
  populate(tx, kTenant);
  ConnectionStore(tx, kTenant).insert(plain("con_2", "second"));
  UserStore users(tx, kTenant);
  auto linked = sample_user(kTenant, "oidc|second|joe", "joe");
  linked.identities = {sample_identity("con_2", "joe"), sample_identity("con_1", "joe at corp")};
  users.insert(linked);
  users.add_identity(UserId("oidc|Corp|jane"), sample_identity("con_2", "jane elsewhere"));

  auto session = sample_session(kTenant, "sid_2");
  session.user = linked.id;
  SessionStore(tx, kTenant).insert(session);
  SessionStore(tx, kTenant).add_client(session.id, kClient, kNow);
  auto grant = sample_grant(kTenant, "grant_2");
  grant.user = linked.id;
  GrantStore(tx, kTenant).insert(grant);
  CodeStore(tx, kTenant).insert(sample_code("code_2", "grant_2"));
  AccessTokenStore(tx, kTenant).insert(sample_access_token("access_2", "grant_2"));

  grant = sample_grant(kTenant, "grant_3");
  grant.user = linked.id;
  grant.session = SessionId("sid_3");
  grant.connection = ConnectionId("con_2");
  GrantStore(tx, kTenant).insert(grant);
  auto token = sample_access_token("access_3", "grant_3");
  token.user = linked.id;
  AccessTokenStore(tx, kTenant).insert(token);
  auto ticket = sample_ticket("ticket of connection");
  ticket.subject = "con_1";
  TicketStore(tx, kTenant).insert(ticket);
}

struct Cleared {
  int units = 0;
  std::vector<std::string> with_account, alone;  ///< sessions that were ended
};

// What login/connection_end.cpp does, in one unit of work.
Cleared clear_remains(db::Transaction& tx, const TenantId& tenant = kTenant) {
  Cleared cleared;
  ConnectionRemainsStore store(tx);
  const auto remains = store.find(tenant, kConnection);
  if (!remains) return cleared;
  const auto end = [&](const SessionId& session, bool with_account) {
    (with_account ? cleared.with_account : cleared.alone).push_back(session.str());
    SessionStore(tx, tenant).take(session);
  };
  do ++cleared.units;
  while (!store.remove_some(*remains, end));
  return cleared;
}

TEST_P(ConnectionRemainsTest, AfterRemovalNothingNamesItExceptTheLog) {
  write([](db::Transaction& tx) {
    use_connection(tx);
    EXPECT_FALSE(ConnectionStore(tx, kTenant).remove(ConnectionId("con_9")));
    EXPECT_TRUE(ConnectionStore(tx, kTenant).remove(kConnection));
    EXPECT_FALSE(ConnectionStore(tx, kTenant).remove(kConnection));
    ASSERT_TRUE(ConnectionRemainsStore(tx).next());
    EXPECT_FALSE(ConnectionRemainsStore(tx).find(TenantId("other"), kConnection));
    const Cleared cleared = clear_remains(tx);
    EXPECT_EQ(cleared.with_account, std::vector<std::string>{"sid_1"});
    EXPECT_EQ(cleared.alone, std::vector<std::string>{"sid_2"});
    EXPECT_FALSE(ConnectionRemainsStore(tx).next());
    for (const std::string& table : table_names(tx)) {
      if (table == "log_events") continue;  // says what happened, whatever became of it
      for (const std::string& row : dump_table(tx, table)) {
        for (const char* trace : {"con_1", "Corp|jane", "grant_1", "grant_2", "sid_1", "sid_2"})
          EXPECT_FALSE(row.contains(trace)) << row;
      }
    }
    EXPECT_EQ(dump_table(tx, "log_events").size(), 1u);
  });
}

TEST_P(ConnectionRemainsTest, RemovalLeavesWhatBelongsToOthers) {
  write([](db::Transaction& tx) {
    use_connection(tx);
    ConnectionStore(tx, kTenant).remove(kConnection);
    clear_remains(tx);
    const auto joe = UserStore(tx, kTenant).find(UserId("oidc|second|joe"));
    ASSERT_TRUE(joe);
    EXPECT_EQ(joe->identities.size(), 1u);
    EXPECT_TRUE(GrantStore(tx, kTenant).find(GrantId("grant_3")));
    EXPECT_TRUE(AccessTokenStore(tx, kTenant).find_live(hash_of<model::AccessTokenHash>("access_3"), kNow));
    EXPECT_TRUE(ConnectionStore(tx, kTenant).find(ConnectionId("con_2")));
    EXPECT_TRUE(ClientStore(tx, kTenant).find(kClient));
    EXPECT_EQ(ConnectionStore(tx, kTenant).insert(sample_connection()), Insert::done) << "its name is free again";
  });
}

TEST_P(ConnectionRemainsTest, RemovalCanKeepPeopleWithTheirOtherIdentities) {
  write([](db::Transaction& tx) {
    use_connection(tx);
    ASSERT_TRUE(UserStore(tx, kTenant).find(UserId("oidc|Corp|jane"))->email_verified);
    EXPECT_TRUE(ConnectionStore(tx, kTenant).remove_keeping_users(kConnection));
    const Cleared cleared = clear_remains(tx);
    EXPECT_TRUE(cleared.with_account.empty());
    EXPECT_EQ(cleared.alone.size(), 2u);
    const auto jane = UserStore(tx, kTenant).find(UserId("oidc|Corp|jane"));
    ASSERT_TRUE(jane);
    ASSERT_EQ(jane->identities.size(), 1u);
    EXPECT_EQ(jane->identities.front().connection, ConnectionId("con_2"));
    EXPECT_FALSE(jane->email_verified) << "who vouched for the address is gone";
    EXPECT_EQ(tx.query("SELECT 1 FROM identities WHERE user_id = 'oidc|Corp|jane' AND position = 0").size(), 1u);
    EXPECT_FALSE(GrantStore(tx, kTenant).find(GrantId("grant_1")));
  });
}

// A unit of work must stay short however many there are.
TEST_P(ConnectionRemainsTest, ManyPeopleAndSessionsGoInSmallPieces) {
  write([](db::Transaction& tx) {
    ConnectionStore(tx, kTenant).insert(sample_connection());
    for (int i = 0; i < 250; ++i) {
      const std::string name = "p" + std::to_string(i);
      auto user = sample_user(kTenant, "oidc|Corp|" + name, name);
      user.identities = {sample_identity("con_1", name)};
      UserStore(tx, kTenant).insert(user);
      auto session = sample_session(kTenant, "sid_" + name);
      session.user = user.id;
      SessionStore(tx, kTenant).insert(session);
    }
    // One person with more sessions than fit into a unit.
    for (int i = 0; i < 230; ++i) {
      auto session = sample_session(kTenant, "sid_more" + std::to_string(i));
      session.user = UserId("oidc|Corp|p0");
      session.connection = ConnectionId("con_2");
      SessionStore(tx, kTenant).insert(session);
    }
    for (int i = 0; i < 1100; ++i) GrantStore(tx, kTenant).insert(sample_grant(kTenant, "g" + std::to_string(i)));
    ConnectionStore(tx, kTenant).remove(kConnection);
    const auto remains = ConnectionRemainsStore(tx).next();
    ASSERT_TRUE(remains);
    int units = 0;
    for (bool over = false; !over; ++units) {
      std::size_t ended = 0;
      const auto before = dump_table(tx, "users").size() + dump_table(tx, "grants").size();
      over = ConnectionRemainsStore(tx).remove_some(*remains, [&](const SessionId& session, bool) {
        ++ended;
        SessionStore(tx, kTenant).take(session);
      });
      EXPECT_LE(ended, 100u);
      EXPECT_LE(before - dump_table(tx, "users").size() - dump_table(tx, "grants").size(), 500u);
    }
    EXPECT_GE(units, 7);
    for (const char* table : {"users", "identities", "sessions", "grants", "connection_remains"})
      EXPECT_TRUE(dump_table(tx, table).empty()) << table;
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, ConnectionRemainsTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
