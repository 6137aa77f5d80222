#include "store/connection_store.h"

#include "store/plain_connection.h"
#include "store/store_test.h"
#include "store/table_dump.h"

namespace symbolon::store {
namespace {

class ConnectionStoreTest : public StoreTest {};

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

TEST_P(ConnectionStoreTest, IsShownWithItsClientsButWithoutItsSettings) {
  model::Connection full = sample_connection();
  write([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    connections.insert(full);
    for (int i = 2; i < 7; ++i) connections.insert(plain("con_" + std::to_string(i), "c" + std::to_string(i)));
    for (const char* client : {"client_b", "client_a"}) connections.enable(kConnection, ClientId(client));
    connections.enable(ConnectionId("con_5"), ClientId("client_b"));
  });
  model::UpstreamSettings settings;
  settings.strategy = full.upstream.strategy;
  full.upstream = settings;
  const std::vector<ClientId> both{ClientId("client_a"), ClientId("client_b")};
  read([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    const auto found = connections.find_shown(kConnection);
    expect_same(found.value().record, full);
    EXPECT_EQ(found->enabled_clients, both);
    EXPECT_FALSE(connections.find_shown(ConnectionId("con_9")));
    for (std::int64_t size = 1; size <= 6; ++size) {
      const auto page = connections.list_shown({}, {.limit = size});
      ASSERT_EQ(std::ssize(page.items), size);
      expect_same(page.items.at(0).record, full);
      EXPECT_EQ(page.items.at(0).enabled_clients, both);
      if (size > 1) EXPECT_TRUE(page.items.at(1).enabled_clients.empty());
      EXPECT_EQ(page.total, 6);
      EXPECT_EQ(page.next.has_value(), size < 6);
    }
    const auto one = connections.list_shown({.name = "c5"}, {});
    EXPECT_EQ(one.items.at(0).enabled_clients, std::vector<ClientId>{ClientId("client_b")});
    EXPECT_TRUE(connections.list_shown({.name = "nothing"}, {}).items.empty());
    EXPECT_EQ(connections.list_shown({.enabled_for = ClientId("client_b")}, {}).items.size(), 2U);
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

INSTANTIATE_TEST_SUITE_P(Drivers, ConnectionStoreTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
