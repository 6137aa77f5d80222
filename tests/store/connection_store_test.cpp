#include "store/connection_store.h"

#include "store/client_store.h"
#include "store/grant_store.h"
#include "store/session_store.h"
#include "store/store_test.h"
#include "store/table_dump.h"
#include "store/user_store.h"

namespace symbolon::store {
namespace {

class ConnectionStoreTest : public StoreTest {};

const ConnectionId kConnection("con_1");
const ClientId kClient("client_1");

model::Connection plain(const std::string& id, const std::string& name) {
  model::Connection connection;
  connection.tenant = kTenant;
  connection.id = ConnectionId(id);
  connection.name = name;
  connection.realms = {name};
  return connection;
}

std::string names(const std::vector<model::Connection>& connections) {
  std::string text;
  for (const auto& connection : connections) text += connection.name + " ";
  return text;
}

TEST_P(ConnectionStoreTest, FindsWhatWasInserted) {
  const auto connection = sample_connection();
  ASSERT_EQ(unset_members(connection), std::vector<std::size_t>()) << "the sample must fill every member";
  write([&](db::Transaction& tx) { EXPECT_EQ(ConnectionStore(tx, kTenant).insert(connection), Insert::done); });
  read([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    expect_same(connections.find(kConnection).value(), connection);
    expect_same(connections.find_by_name("Corp").value(), connection);
    expect_same(connections.find_by_zitadel_id("1con_1").value(), connection);
    expect_same(connections.find_for_client(kConnection, kClient)->connection, connection);
    expect_same(connections.find_for_client("Corp", kClient)->connection, connection);
    expect_same(connections.list({}, {}).items.at(0), connection);
    EXPECT_FALSE(connections.find(ConnectionId("con_2")));
    EXPECT_FALSE(connections.find_by_name("corp")) << "names on the wire are case-sensitive";
    EXPECT_FALSE(connections.find_by_zitadel_id(""));
    EXPECT_FALSE(connections.find_for_client(ConnectionId("con_2"), kClient));
  });
}

TEST_P(ConnectionStoreTest, KeepsEmptyMembersEmpty) {
  const auto connection = plain("con_1", "corp");
  write([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    connections.insert(connection);
    expect_same(connections.find(kConnection).value(), connection);
    EXPECT_EQ(connections.insert(plain("con_2", "second")), Insert::done) << "no zitadel_id is no duplicate";
  });
}

TEST_P(ConnectionStoreTest, RefusesANameOrRealmThatIsTaken) {
  write([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    connections.insert(sample_connection());
    EXPECT_EQ(connections.insert(plain("con_1", "other-id-taken")), Insert::duplicate);
    EXPECT_EQ(connections.insert(plain("con_2", "CORP")), Insert::duplicate);
    EXPECT_EQ(connections.insert(plain("con_2", "realm of con_1")), Insert::duplicate);
    auto realm = plain("con_2", "second");
    realm.realms = {"Corp"};
    EXPECT_EQ(connections.insert(realm), Insert::duplicate);
    realm.realms = {"second", "realm of con_1"};
    EXPECT_EQ(connections.insert(realm), Insert::duplicate);
    auto zitadel = plain("con_2", "second");
    zitadel.zitadel_id = "1con_1";
    EXPECT_EQ(connections.insert(zitadel), Insert::duplicate);
    EXPECT_EQ(dump_table(tx, "connections").size(), 1u);
    EXPECT_EQ(dump_table(tx, "connection_realms").size(), 2u);

    EXPECT_TRUE(connections.is_realm_taken(ConnectionId("con_2"), {"free", "Corp"}));
    EXPECT_TRUE(connections.is_realm_taken(ConnectionId("con_2"), {"realm of con_1"}));
    EXPECT_FALSE(connections.is_realm_taken(kConnection, {"Corp", "realm of con_1"})) << "its own";
    EXPECT_FALSE(connections.is_realm_taken(ConnectionId("con_2"), {"free"}));
    EXPECT_FALSE(connections.is_realm_taken(ConnectionId("con_2"), {}));
  });
}

TEST_P(ConnectionStoreTest, UpdatesOnlyTheVersionItWasBasedOn) {
  write([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    auto changed = plain("con_1", "Corp");
    EXPECT_EQ(changed.version, 0);
    EXPECT_EQ(connections.update(changed, 5), Update::missing);
    connections.insert(sample_connection());
    EXPECT_EQ(connections.update(changed, 4), Update::changed_meanwhile);
    expect_same(connections.find(kConnection).value(), sample_connection());

    changed.realms = {"new realm"};
    changed.domain_aliases = {"new.example"};
    changed.updated_at = kNow + std::chrono::hours(1);
    changed.upstream.strategy = model::Strategy::okta;
    EXPECT_EQ(connections.update(changed, 5), Update::done);
    changed.version = 6;
    changed.created_at = kNow;
    expect_same(connections.find(kConnection).value(), changed);
    EXPECT_EQ(connections.update(changed, 5), Update::changed_meanwhile);

    connections.enable(kConnection, kClient);
    EXPECT_TRUE(connections.find_for_client("new realm", kClient));
    EXPECT_FALSE(connections.find_for_client("realm of con_1", kClient));
    EXPECT_EQ(names(connections.list_by_domain(kClient, false, "new.example")), "Corp ");
    EXPECT_EQ(names(connections.list_by_domain(kClient, false, "corp.example")), "");
  });
}

TEST_P(ConnectionStoreTest, SaysWhetherTheClientMayUseIt) {
  write([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    connections.insert(sample_connection());
    connections.enable(kConnection, kClient);
    connections.enable(kConnection, kClient);
    for (const char* name : {"Corp", "realm of con_1"}) {
      EXPECT_TRUE(connections.find_for_client(name, kClient)->enabled) << name;
      EXPECT_FALSE(connections.find_for_client(name, ClientId("client_2"))->enabled) << name;
    }
    EXPECT_TRUE(connections.find_for_client(kConnection, kClient)->enabled);
    EXPECT_FALSE(connections.find_for_client(kConnection, ClientId("client_2"))->enabled);
    EXPECT_FALSE(connections.find_for_client("corp", kClient));
    EXPECT_FALSE(connections.find_for_client("Realm of con_1", kClient));
    connections.disable(kConnection, kClient);
    EXPECT_FALSE(connections.find_for_client(kConnection, kClient)->enabled);
  });
}

TEST_P(ConnectionStoreTest, ANameWinsOverARealmAndTwoRealmsOverNobody) {
  write([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    connections.insert(plain("con_1", "first"));
    connections.insert(plain("con_2", "second"));
    connections.insert(plain("con_3", "third"));
    // An update does not look at others; the caller asks is_realm_taken() before.
    auto third = plain("con_3", "third");
    third.realms = {"first", "shared"};
    connections.update(third, 0);
    EXPECT_EQ(connections.find_for_client("first", kClient)->connection.id, kConnection);
    EXPECT_EQ(connections.find_for_client("shared", kClient)->connection.id.str(), "con_3");
    auto second = plain("con_2", "second");
    second.realms = {"shared"};
    connections.update(second, 0);
    EXPECT_FALSE(connections.find_for_client("shared", kClient));
  });
}

TEST_P(ConnectionStoreTest, ListsForAClientInOrderOfCreation) {
  write([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    for (const char* name : {"d", "c", "b", "a"}) {
      auto connection = plain("con_" + std::string(name), name);
      connection.is_domain_connection = std::string(name) == "c" || std::string(name) == "a";
      connections.insert(connection);
    }
    connections.enable(ConnectionId("con_a"), kClient);
    connections.enable(ConnectionId("con_b"), kClient);
    connections.enable(ConnectionId("con_d"), ClientId("client_2"));
    EXPECT_EQ(names(connections.list_for_client(kClient, false, 10)), "b a ");
    EXPECT_EQ(names(connections.list_for_client(kClient, true, 10)), "c b a ");
    EXPECT_EQ(names(connections.list_for_client(kClient, true, 2)), "c b ");
    EXPECT_EQ(names(connections.list_for_client(kClient, false, 1)), "b ");
    EXPECT_EQ(names(connections.list_for_client(ClientId("client_2"), true, 10)), "d c a ");
    EXPECT_EQ(names(connections.list_for_client(ClientId("nobody"), false, 10)), "");
  });
}

TEST_P(ConnectionStoreTest, ListsWhatHasAButton) {
  write([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    for (const char* name : {"shown", "hidden", "social", "off", "level", "foreign"}) {
      auto connection = plain("con_" + std::string(name), name);
      connection.show_as_button = std::string(name) != "hidden" && std::string(name) != "social";
      if (std::string(name) == "social") connection.upstream.strategy = model::Strategy::oauth2;
      connection.authentication_active = std::string(name) != "off";
      connection.is_domain_connection = std::string(name) == "level";
      connections.insert(connection);
      if (std::string(name) != "level" && std::string(name) != "foreign") connections.enable(connection.id, kClient);
    }
    EXPECT_EQ(names(connections.list_buttons(kClient, false, 10)), "shown social ");
    EXPECT_EQ(names(connections.list_buttons(kClient, true, 10)), "shown social level ");
    EXPECT_EQ(names(connections.list_buttons(kClient, true, 1)), "shown ");
    EXPECT_EQ(names(connections.list_for_client(kClient, false, 10)), "shown hidden social ");
  });
}

TEST_P(ConnectionStoreTest, KnowsWhetherAnAddressCanLeadAnywhere) {
  write([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    auto connection = plain("con_1", "corp");
    connections.insert(connection);
    connections.enable(connection.id, kClient);
    EXPECT_FALSE(connections.has_domains(kClient, true));
    connection.domain_aliases = {"corp.example"};
    connections.update(connection, 0);
    EXPECT_TRUE(connections.has_domains(kClient, false));
    EXPECT_FALSE(connections.has_domains(ClientId("other"), true));

    connection.version = 1;
    connection.authentication_active = false;
    connections.update(connection, 1);
    EXPECT_FALSE(connections.has_domains(kClient, true));

    auto level = plain("con_2", "level");
    level.is_domain_connection = true;
    level.domain_aliases = {"corp.example"};
    connections.insert(level);
    EXPECT_FALSE(connections.has_domains(kClient, false));
    EXPECT_TRUE(connections.has_domains(kClient, true));
  });
}

TEST_P(ConnectionStoreTest, ListsByDomainWhatTheClientMayUse) {
  write([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    for (const char* name : {"first", "second", "third"}) {
      auto connection = plain("con_" + std::string(name), name);
      connection.domain_aliases = {"corp.example", std::string(name) + ".example"};
      connection.is_domain_connection = std::string(name) == "second";
      connections.insert(connection);
    }
    connections.enable(ConnectionId("con_third"), kClient);
    connections.enable(ConnectionId("con_first"), kClient);
    EXPECT_EQ(names(connections.list_by_domain(kClient, false, "corp.example")), "first third ");
    EXPECT_EQ(names(connections.list_by_domain(kClient, true, "corp.example")), "first second third ");
    EXPECT_EQ(names(connections.list_by_domain(ClientId("other"), true, "corp.example")), "second ");
    EXPECT_EQ(names(connections.list_by_domain(kClient, true, "third.example")), "third ");
    EXPECT_EQ(names(connections.list_by_domain(kClient, true, "sub.corp.example")), "");
    EXPECT_EQ(names(connections.list_by_domain(kClient, true, "example")), "");
  });
}

TEST_P(ConnectionStoreTest, ListsByFilterAndWindow) {
  write([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    for (const char* name : {"d", "c", "b", "a"}) {
      auto connection = plain("con_" + std::string(name), name);
      if (*name == 'c') connection.upstream.strategy = model::Strategy::oauth2;
      if (*name == 'b') connection.upstream.strategy = model::Strategy::okta;
      if (*name < 'c') connection.zitadel_id = "10" + std::string(name);
      if (*name == 'a') connection.zitadel_owner = "org";
      connections.insert(connection);
      if (*name != 'd') connections.enable(connection.id, kClient);
    }
    const auto list = [&](ConnectionFilter filter, Window window = {}) {
      return names(connections.list(filter, window).items);
    };
    EXPECT_EQ(list({}), "d c b a ");
    EXPECT_EQ(list({.strategies = {"oidc"}}), "d a ");
    EXPECT_EQ(list({.strategies = {"oidc", "okta"}}), "d b a ");
    EXPECT_EQ(list({.name = "c"}), "c ");
    EXPECT_EQ(list({.name = "C"}), "");
    EXPECT_EQ(list({.enabled_for = kClient}), "c b a ");
    EXPECT_EQ(list({.strategies = {"okta"}, .enabled_for = kClient}), "b ");
    EXPECT_EQ(list({.only_zitadel = true}), "b ");
    EXPECT_EQ(list({.zitadel_owner = "org", .only_zitadel = true}), "a ");
    EXPECT_EQ(connections.list({.enabled_for = kClient}, {.limit = 1}).total, 3);

    const auto page = connections.list({.enabled_for = kClient}, {.limit = 2});
    ASSERT_TRUE(page.next);
    EXPECT_EQ(list({.enabled_for = kClient}, {.after = *page.next}), "a ");
    EXPECT_EQ(list({}, {.offset = 3}), "a ");
  });
}

TEST_P(ConnectionStoreTest, EnabledClientsAreReadByPageAndReplacedAsAWhole) {
  write([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    connections.insert(sample_connection());
    connections.replace_enabled_clients(kConnection, {ClientId("c"), ClientId("a"), ClientId("b")});
    EXPECT_EQ(connections.enabled_clients(kConnection), (std::vector{ClientId("a"), ClientId("b"), ClientId("c")}));
    const auto page = connections.list_enabled_clients(kConnection, "", 2);
    EXPECT_EQ(page.items, (std::vector{ClientId("a"), ClientId("b")}));
    EXPECT_TRUE(page.next);
    EXPECT_EQ(page.total, 3);
    const auto last = connections.list_enabled_clients(kConnection, "b", 2);
    EXPECT_EQ(last.items, std::vector{ClientId("c")});
    EXPECT_FALSE(last.next);
    connections.replace_enabled_clients(kConnection, {ClientId("d")});
    EXPECT_EQ(connections.enabled_clients(kConnection), std::vector{ClientId("d")});
    connections.enable(ConnectionId("con_2"), ClientId("d"));
    EXPECT_TRUE(connections.enabled_clients(ConnectionId("con_2")).empty()) << "there is no such connection";
  });
}

TEST_P(ConnectionStoreTest, FindsTheOldestMetadataOfAnyTenant) {
  write([&](db::Transaction& tx) {
    const auto add = [&](const TenantId& tenant, const char* name, Instant fetched_at, bool pinned) {
      auto connection = plain(std::string("con_") + name, name);
      connection.metadata_fetched_at = fetched_at;
      connection.metadata_pinned = pinned;
      ConnectionStore(tx, tenant).insert(connection);
    };
    using std::chrono::hours;
    add(kTenant, "fresh", kNow, false);
    add(kTenant, "pinned", kNow - hours(99), true);
    add(kTenant, "never", Instant(), false);
    EXPECT_FALSE(ConnectionStore::find_stale_metadata(tx, kNow - hours(24)));
    add(kTenant, "old", kNow - hours(30), false);
    add(TenantId("other"), "older", kNow - hours(40), false);
    const auto found = ConnectionStore::find_stale_metadata(tx, kNow - hours(24));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name, "older");
    EXPECT_EQ(found->tenant.str(), "other");
    EXPECT_FALSE(ConnectionStore::find_stale_metadata(tx, kNow - hours(40)));
  });
}

TEST_P(ConnectionStoreTest, FindsTheOldestFailedLookupOfAnyTenant) {
  write([&](db::Transaction& tx) {
    const auto add = [&](const TenantId& tenant, const char* name, Instant fetched_at, model::ConnectionStatus status,
                         bool pinned = false) {
      auto connection = plain(std::string("con_") + name, name);
      connection.metadata_fetched_at = fetched_at;
      connection.status = status;
      connection.metadata_pinned = pinned;
      ConnectionStore(tx, tenant).insert(connection);
    };
    using enum model::ConnectionStatus;
    using std::chrono::minutes;
    add(kTenant, "fine", kNow - minutes(99), ok);
    add(kTenant, "changed", kNow - minutes(99), issuer_changed);
    add(kTenant, "pinned", kNow - minutes(99), unreachable, true);
    add(kTenant, "never", Instant(), incomplete);
    add(kTenant, "young", kNow - minutes(10), incomplete);
    EXPECT_FALSE(ConnectionStore::find_failed_metadata(tx, kNow - minutes(10)));
    add(kTenant, "down", kNow - minutes(20), unreachable);
    add(TenantId("other"), "half", kNow - minutes(30), incomplete);
    EXPECT_EQ(ConnectionStore::find_failed_metadata(tx, kNow - minutes(10))->name, "half");
    ConnectionStore(tx, TenantId("other")).remove(ConnectionId("con_half"));
    EXPECT_EQ(ConnectionStore::find_failed_metadata(tx, kNow - minutes(10))->name, "down");
  });
}

TEST_P(ConnectionStoreTest, ACheckOfMetadataLeavesTheVersionAlone) {
  write([](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    auto checked = sample_connection();
    EXPECT_FALSE(connections.record_metadata_check(checked));
    connections.insert(checked);
    checked.metadata_fetched_at = kNow;
    checked.status = model::ConnectionStatus::unreachable;
    checked.status_detail = "no answer";
    EXPECT_TRUE(connections.record_metadata_check(checked));
    expect_same(connections.find(kConnection).value(), checked);
    auto renamed = checked;
    renamed.display_name = "not written";
    EXPECT_TRUE(connections.record_metadata_check(renamed));
    expect_same(connections.find(kConnection).value(), checked);
    EXPECT_EQ(connections.update(checked, 5), Update::done);
    EXPECT_FALSE(connections.record_metadata_check(checked)) << "somebody changed it meanwhile";
  });
}

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

TEST_P(ConnectionStoreTest, AfterRemovalNothingNamesItExceptTheLog) {
  write([](db::Transaction& tx) {
    use_connection(tx);
    EXPECT_FALSE(ConnectionStore(tx, kTenant).remove(ConnectionId("con_9")));
    EXPECT_TRUE(ConnectionStore(tx, kTenant).remove(kConnection));
    EXPECT_FALSE(ConnectionStore(tx, kTenant).remove(kConnection));
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

TEST_P(ConnectionStoreTest, RemovalLeavesWhatBelongsToOthers) {
  write([](db::Transaction& tx) {
    use_connection(tx);
    ConnectionStore(tx, kTenant).remove(kConnection);
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

INSTANTIATE_TEST_SUITE_P(Drivers, ConnectionStoreTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
