#include "store/connection_store.h"

#include "store/client_store.h"
#include "store/connection_remains.h"
#include "store/grant_store.h"
#include "store/login_policy_store.h"
#include "store/organisation_store.h"
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

// zitadel-idps §6.1, each lookup by each kind of request.
TEST_P(ConnectionStoreTest, EveryLookupObeysTheOrganisationThatIsNamed) {
  const model::OrganisationId standard("default"), own("own"), none("none");
  const auto connection = [](const char* id, const char* owner) {
    model::Connection one = sample_connection();
    one.id = ConnectionId(id);
    one.name = id;
    one.realms = {std::string("realm of ") + id};
    one.zitadel_id = std::string("1") + id;
    one.zitadel_owner = owner;
    one.show_as_button = one.is_domain_connection = one.authentication_active = true;
    one.domain_aliases = {"corp.example"};
    return one;
  };
  // By name: enabled by hand; offered by the instance's policy; offered by own's, and owned by it; at domain level only.
  struct Row {
    model::OrganisationId named;
    const char* offered;
  };
  const Row rows[] = {{{}, "hand instance "}, {own, "shared owned "}, {none, "instance "}, {standard, "hand instance "}};
  write([&](db::Transaction& tx) {
    for (const auto& id : {standard, own, none})
      OrganisationStore(tx, kTenant)
          .insert({.tenant = kTenant, .id = id, .name = id.str(), .domain_label = "", .is_default = id == standard});
    ClientStore(tx, kTenant).insert(sample_client());
    ConnectionStore all(tx, kTenant);
    for (const auto& [id, owner] : {std::pair{"hand", ""}, {"instance", ""}, {"shared", ""}, {"owned", "own"}, {"level", ""}})
      ASSERT_EQ(all.insert(connection(id, owner)), Insert::done) << id;
    LoginPolicyStore policies(tx, kTenant);
    for (const auto& owner : {model::OrganisationId(), own})
      policies.insert({.tenant = kTenant, .owner = owner, .offers_providers = true, .doc = "{}"});
    policies.add_provider({}, ConnectionId("instance"));
    policies.add_provider(own, ConnectionId("shared"));
    policies.add_provider(own, ConnectionId("owned"));
    policies.offer(ConnectionId("instance"));
    all.enable(ConnectionId("hand"), kClient);
    all.enable(ConnectionId("owned"), kClient);
    model::User user = sample_user();
    user.identities.clear();
    for (const char* id : {"hand", "instance", "shared", "owned", "level"}) {
      user.identities.push_back(sample_identity(id, "first"));
      user.identities.push_back(sample_identity(id, "second"));
    }
    ASSERT_EQ(UserStore(tx, kTenant).insert(user), Insert::done);

    for (const Row& row : rows) {
      SCOPED_TRACE(row.named.str());
      ConnectionStore connections(tx, kTenant, row.named);
      std::string by_id, by_name, by_realm;
      for (const std::string id : {"hand", "instance", "shared", "owned", "level"}) {
        if (connections.find_for_client(ConnectionId(id), kClient)->for_first_party) by_id += id + " ";
        if (connections.find_for_client(id, kClient)->for_first_party) by_name += id + " ";
        if (connections.find_for_client("realm of " + id, kClient)->for_first_party) by_realm += id + " ";
      }
      EXPECT_EQ(by_id, row.offered);
      EXPECT_EQ(by_name, row.offered);
      EXPECT_EQ(by_realm, row.offered);
      EXPECT_EQ(names(connections.list_for_client(kClient, false, 10)), row.offered);
      EXPECT_EQ(names(connections.list_buttons(kClient, false, 10)), row.offered);
      EXPECT_EQ(names(connections.list_by_domain(kClient, false, "corp.example")), row.offered);
      EXPECT_EQ(names(connections.list_of_user(kClient, false, user.id)), row.offered);
      EXPECT_TRUE(connections.has_domains(kClient, false));
      // Domain level is for third-party applications where no other organisation is named.
      const bool at_home = row.named.empty() || row.named == standard;
      const std::string with_level = at_home ? "hand instance shared level " : row.offered;
      EXPECT_EQ(names(connections.list_for_client(kClient, true, 10)), with_level);
      EXPECT_EQ(names(connections.list_buttons(kClient, true, 10)), with_level);
      EXPECT_EQ(names(connections.list_by_domain(kClient, true, "corp.example")), with_level);
      EXPECT_EQ(names(connections.list_of_user(kClient, true, user.id)), with_level);
    }
    auto policy = policies.find(own).value();
    policy.offers_providers = false;
    policies.update(policy);
    ConnectionStore connections(tx, kTenant, own);
    EXPECT_FALSE(connections.find_for_client(ConnectionId("owned"), kClient)->for_first_party);
    EXPECT_EQ(names(connections.list_for_client(kClient, true, 10)), "");
    EXPECT_FALSE(connections.has_domains(kClient, true));
  });
}

TEST_P(ConnectionStoreTest, SaysWhetherTheClientMayUseIt) {
  write([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    model::Connection connection = sample_connection();
    connection.zitadel_owner = "";
    connections.insert(connection);
    connections.enable(kConnection, kClient);
    connections.enable(kConnection, kClient);
    for (const char* name : {"Corp", "realm of con_1"}) {
      EXPECT_TRUE(connections.find_for_client(name, kClient)->for_first_party) << name;
      EXPECT_FALSE(connections.find_for_client(name, ClientId("client_2"))->for_first_party) << name;
    }
    EXPECT_TRUE(connections.find_for_client(kConnection, kClient)->for_first_party);
    EXPECT_FALSE(connections.find_for_client(kConnection, ClientId("client_2"))->for_first_party);
    EXPECT_FALSE(connections.find_for_client("corp", kClient));
    EXPECT_FALSE(connections.find_for_client("Realm of con_1", kClient));
    connections.disable(kConnection, kClient);
    EXPECT_FALSE(connections.find_for_client(kConnection, kClient)->for_first_party);
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

TEST_P(ConnectionStoreTest, AfterRemovalNothingNamesItExceptTheLog) {
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

TEST_P(ConnectionStoreTest, RemovalLeavesWhatBelongsToOthers) {
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

TEST_P(ConnectionStoreTest, RemovalCanKeepPeopleWithTheirOtherIdentities) {
  write([](db::Transaction& tx) {
    use_connection(tx);
    EXPECT_TRUE(ConnectionStore(tx, kTenant).remove_keeping_users(kConnection));
    const Cleared cleared = clear_remains(tx);
    EXPECT_TRUE(cleared.with_account.empty());
    EXPECT_EQ(cleared.alone.size(), 2u);
    const auto jane = UserStore(tx, kTenant).find(UserId("oidc|Corp|jane"));
    ASSERT_TRUE(jane);
    ASSERT_EQ(jane->identities.size(), 1u);
    EXPECT_EQ(jane->identities.front().connection, ConnectionId("con_2"));
    EXPECT_EQ(tx.query("SELECT 1 FROM identities WHERE user_id = 'oidc|Corp|jane' AND position = 0").size(), 1u);
    EXPECT_FALSE(GrantStore(tx, kTenant).find(GrantId("grant_1")));
  });
}

// A unit of work must stay short however many there are.
TEST_P(ConnectionStoreTest, ManyPeopleAndSessionsGoInSmallPieces) {
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

INSTANTIATE_TEST_SUITE_P(Drivers, ConnectionStoreTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
