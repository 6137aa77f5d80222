#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/login_policy_store.h"
#include "store/organisation_store.h"
#include "store/plain_connection.h"
#include "store/store_test.h"
#include "store/user_store.h"

// Which connections an application may use, and how a request names them.
namespace symbolon::store {
namespace {

class ConnectionOffersTest : public StoreTest {};

// zitadel-idps §6.1, each lookup by each kind of request.
TEST_P(ConnectionOffersTest, EveryLookupObeysTheOrganisationThatIsNamed) {
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

TEST_P(ConnectionOffersTest, SaysWhetherTheClientMayUseIt) {
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

TEST_P(ConnectionOffersTest, ANameWinsOverARealmAndTwoRealmsOverNobody) {
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

TEST_P(ConnectionOffersTest, ListsForAClientInOrderOfCreation) {
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

TEST_P(ConnectionOffersTest, ListsWhatHasAButton) {
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

TEST_P(ConnectionOffersTest, KnowsWhetherAnAddressCanLeadAnywhere) {
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

TEST_P(ConnectionOffersTest, ListsByDomainWhatTheClientMayUse) {
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

INSTANTIATE_TEST_SUITE_P(Drivers, ConnectionOffersTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
