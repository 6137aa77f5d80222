#include "store/session_store.h"

#include "store/store_test.h"
#include "store/table_dump.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;

class SessionStoreTest : public StoreTest {};

const SessionId kSession("sid_1");
const ClientId kClient("client_1");

std::string ids(const std::vector<model::Session>& sessions) {
  std::string text;
  for (const auto& session : sessions) text += session.id.str() + " ";
  return text;
}

TEST_P(SessionStoreTest, FindsWhatWasInserted) {
  auto session = sample_session();
  session.clients = {kClient};
  ASSERT_EQ(unset_members(session), std::vector<std::size_t>()) << "the sample must fill every member";
  write([&](db::Transaction& tx) {
    SessionStore sessions(tx, kTenant);
    sessions.insert(session);
    sessions.add_client(kSession, kClient, kNow);
  });
  read([&](db::Transaction& tx) {
    SessionStore sessions(tx, kTenant);
    expect_same(sessions.find(kSession).value(), session);
    expect_same(sessions.list_by_user(session.user).at(0), session);
    expect_same(sessions.list_by_user(session.user, Window()).items.at(0), session);
    session.clients.clear();
    expect_same(sessions.find_by_cookie(session.cookie, kNow).value(), session);
    EXPECT_FALSE(sessions.find(SessionId("sid_2")));
    EXPECT_FALSE(sessions.find_by_cookie(hash_of<model::SessionCookieHash>("other"), kNow));
    EXPECT_FALSE(sessions.find_by_cookie({}, kNow));
  });
}

TEST_P(SessionStoreTest, KeepsEmptyMembersEmpty) {
  write([](db::Transaction& tx) {
    model::Session session;
    session.tenant = kTenant;
    session.id = kSession;
    session.cookie = hash_of<model::SessionCookieHash>("c");
    SessionStore(tx, kTenant).insert(session);
    expect_same(SessionStore(tx, kTenant).find(kSession).value(), session);
    EXPECT_FALSE(SessionStore(tx, kTenant).find_by_cookie({}, kNow)) << "no previous cookie is not an empty one";
  });
}

// SE-3: requests that were under way when the cookie changed may still read.
TEST_P(SessionStoreTest, ThePreviousCookieReadsForItsGrace) {
  write([](db::Transaction& tx) {
    SessionStore sessions(tx, kTenant);
    const auto session = sample_session();
    sessions.insert(session);
    EXPECT_EQ(sessions.find_by_cookie(session.previous_cookie, session.previous_cookie_until - 1ms)->id, kSession);
    EXPECT_FALSE(sessions.find_by_cookie(session.previous_cookie, session.previous_cookie_until));
    EXPECT_TRUE(sessions.find_by_cookie(session.cookie, session.previous_cookie_until));
  });
}

TEST_P(SessionStoreTest, UpdatesEverythingButClients) {
  write([](db::Transaction& tx) {
    SessionStore sessions(tx, kTenant);
    sessions.insert(sample_session());
    sessions.add_client(kSession, kClient, kNow);
    auto session = sample_session();
    session.cookie = hash_of<model::SessionCookieHash>("new");
    session.previous_cookie = {};
    session.connection = ConnectionId("con_2");
    session.updated_at = session.authenticated_at = session.last_interacted_at = kNow + 1h;
    session.idle_expires_at = kNow + 2h;
    session.expires_at = kNow + 3h;
    session.persistent = true;
    session.upstream_expiry.reset();
    session.upstream_issuer = "i";
    session.upstream_subject = "s";
    session.upstream_sid = "u";
    session.upstream_id_token = {};
    session.acr = "";
    session.amr = {};
    session.last_user_agent = "x";
    session.last_ip = "y";
    session.metadata = "";
    sessions.update(session);
    session.clients = {kClient};
    expect_same(sessions.find(kSession).value(), session);
    EXPECT_FALSE(sessions.find_by_cookie(sample_session().cookie, kNow)) << "the old value is dead at once";
  });
}

TEST_P(SessionStoreTest, TouchMovesTheIdleEnd) {
  write([](db::Transaction& tx) {
    SessionStore sessions(tx, kTenant);
    auto session = sample_session();
    sessions.insert(session);
    EXPECT_TRUE(sessions.touch(kSession, kNow + 10min, kNow + 2h, "agent", "ip"));
    EXPECT_TRUE(sessions.touch(kSession, kNow + 30min, kNow + 4h, "agent 3", "ip 3"));
    session.updated_at = session.last_interacted_at = kNow + 30min;
    session.idle_expires_at = kNow + 4h;
    session.last_user_agent = "agent 3";
    session.last_ip = "ip 3";
    session.clients = {};
    expect_same(sessions.find(kSession).value(), session);
    EXPECT_FALSE(sessions.touch(SessionId("sid_2"), kNow, kNow + 1h, "", ""));
    EXPECT_FALSE(sessions.touch(kSession, kNow + 4h, kNow + 9h, "", "")) << "it ended at that moment";
  });
}

TEST_P(SessionStoreTest, OnlyALiveSessionGetsClients) {
  write([](db::Transaction& tx) {
    SessionStore sessions(tx, kTenant);
    sessions.add_client(SessionId("gone"), kClient, kNow);
    EXPECT_TRUE(dump_table(tx, "session_clients").empty());
  });
}

TEST_P(SessionStoreTest, SetsMetadata) {
  write([](db::Transaction& tx) {
    SessionStore sessions(tx, kTenant);
    EXPECT_FALSE(sessions.set_metadata(kSession, "{}", kNow));
    sessions.insert(sample_session());
    EXPECT_TRUE(sessions.set_metadata(kSession, R"({"a":"b"})", kNow + 1h));
    EXPECT_EQ(sessions.find(kSession)->metadata, R"({"a":"b"})");
    EXPECT_EQ(sessions.find(kSession)->updated_at, kNow + 1h);
  });
}

TEST_P(SessionStoreTest, TakenOnceWithItsClients) {
  write([](db::Transaction& tx) {
    SessionStore sessions(tx, kTenant);
    auto session = sample_session();
    sessions.insert(session);
    sessions.insert(sample_session(kTenant, "sid_2"));
    sessions.add_client(kSession, kClient, kNow);
    sessions.add_client(SessionId("sid_2"), kClient, kNow);
    session.clients = {kClient};
    expect_same(sessions.take(kSession).value(), session);
    EXPECT_FALSE(sessions.take(kSession));
    EXPECT_FALSE(sessions.find(kSession));
    EXPECT_EQ(sessions.find(SessionId("sid_2"))->clients.size(), 1u);
  });
}

TEST_P(SessionStoreTest, ListsAUsersSessionsByPage) {
  write([](db::Transaction& tx) {
    SessionStore sessions(tx, kTenant);
    // Two in the same millisecond: the window must neither repeat nor lose one.
    for (const auto& [id, age] : {std::pair{"a", 3s}, {"b", 2s}, {"c", 2s}, {"d", 1s}}) {
      auto session = sample_session(kTenant, id);
      session.created_at = kNow - age;
      sessions.insert(session);
    }
    auto other = sample_session(kTenant, "e");
    other.user = UserId("somebody else");
    sessions.insert(other);
    const UserId user = sample_session().user;
    const auto all = ids(sessions.list_by_user(user));
    EXPECT_TRUE(all == "a b c d " || all == "a c b d ") << all;
    std::string walked;
    Window window{.limit = 1};
    for (;;) {
      const auto page = sessions.list_by_user(user, window);
      EXPECT_EQ(page.total, 4);
      walked += ids(page.items);
      if (!page.next) break;
      window.after = *page.next;
    }
    EXPECT_EQ(walked, all);
  });
}

TEST_P(SessionStoreTest, ListsByWhatTheProviderCallsThem) {
  write([](db::Transaction& tx) {
    SessionStore sessions(tx, kTenant);
    const auto add = [&](const char* id, const char* connection, const char* sid, const char* subject) {
      auto session = sample_session(kTenant, id);
      session.connection = ConnectionId(connection);
      session.upstream_sid = sid;
      session.upstream_subject = subject;
      sessions.insert(session);
    };
    add("a", "con_1", "u1", "jane");
    add("b", "con_1", "u2", "jane");
    add("c", "con_1", "", "joe");
    add("d", "con_2", "u1", "jane");
    const ConnectionId connection("con_1");
    EXPECT_EQ(ids(sessions.list_by_upstream(connection, "u1", "")), "a ");
    EXPECT_EQ(ids(sessions.list_by_upstream(connection, "u1", "jane")), "a ");
    EXPECT_EQ(ids(sessions.list_by_upstream(connection, "u1", "joe")), "");
    EXPECT_EQ(sessions.list_by_upstream(connection, "", "jane").size(), 2u);
    EXPECT_EQ(ids(sessions.list_by_upstream(connection, "", "joe")), "c ");
    EXPECT_EQ(ids(sessions.list_by_upstream(connection, "", "")), "");
    EXPECT_EQ(ids(sessions.list_by_upstream(ConnectionId("con_2"), "u1", "")), "d ");
  });
}

TEST_P(SessionStoreTest, FindsTheEndedOfEveryTenantOldestFirst) {
  write([](db::Transaction& tx) {
    const auto add = [&](const TenantId& tenant, const char* id, Instant idle, Instant absolute) {
      auto session = sample_session(tenant, id);
      session.idle_expires_at = idle;
      session.expires_at = absolute;
      SessionStore(tx, tenant).insert(session);
    };
    add(kTenant, "idle", kNow - 1h, kNow + 1h);
    add(TenantId("other"), "absolute", kNow + 1h, kNow - 2h);
    add(kTenant, "now", kNow, kNow + 1h);
    add(kTenant, "live", kNow + 1ms, kNow + 1h);
    EXPECT_EQ(ids(SessionStore::find_ended(tx, kNow, 10)), "absolute idle now ");
    EXPECT_EQ(ids(SessionStore::find_ended(tx, kNow, 1)), "absolute ");
    EXPECT_EQ(SessionStore::find_ended(tx, kNow, 10)[0].tenant.str(), "other");

    // Use moves the end that the sweeper sees, an update as well.
    auto session = SessionStore(tx, kTenant).find(SessionId("idle")).value();
    session.idle_expires_at = kNow + 1h;
    SessionStore(tx, kTenant).update(session);
    EXPECT_TRUE(SessionStore(tx, kTenant).touch(SessionId("live"), kNow, kNow + 2h, "", ""));
    EXPECT_EQ(ids(SessionStore::find_ended(tx, kNow + 1ms, 10)), "absolute now ");
    EXPECT_EQ(SessionStore::find_ended(tx, kNow + 1h, 10).size(), 4u) << "the idle end reaches beyond the absolute one";
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, SessionStoreTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
