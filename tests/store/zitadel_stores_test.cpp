// Organisations, service users and login policies: what the ZITADEL API keeps beside connections and users.
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/login_policy_store.h"
#include "store/organisation_store.h"
#include "store/service_user_store.h"
#include "store/store_test.h"
#include "store/sweep.h"
#include "store/user_store.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;
using model::OrganisationId;
using model::ServiceUserId;

const TenantId kOther("other");
const ConnectionId kConnection("con_1");
const OrganisationId kInstance;

model::Organisation organisation(const std::string& id, bool is_default) {
  return {.tenant = kTenant, .id = OrganisationId(id), .name = id, .is_default = is_default, .version = 1,
          .created_at = kNow, .updated_at = kNow};
}

model::ServiceUser service_user(const std::string& id, const std::string& username) {
  return {.tenant = kTenant, .id = ServiceUserId(id), .organisation = OrganisationId("org"), .username = username,
          .name = "Robot", .secret_hash = hash_of<model::ClientSecretHash>(id), .created_at = kNow};
}

model::LoginPolicy policy(const OrganisationId& owner, bool offers = true) {
  return {.tenant = kTenant, .owner = owner, .offers_providers = offers, .doc = "{}", .version = 1,
          .created_at = kNow, .updated_at = kNow};
}

class ZitadelStoresTest : public StoreTest {};

TEST_P(ZitadelStoresTest, AnInstanceKeepsItsFirstNumber) {
  write([](db::Transaction& tx) {
    OrganisationStore store(tx, kTenant);
    EXPECT_EQ(store.instance_id(), "");
    store.make_instance("1", kNow);
    store.make_instance("2", kNow);
    EXPECT_EQ(store.instance_id(), "1");
    EXPECT_EQ(OrganisationStore(tx, kOther).instance_id(), "");
  });
}

TEST_P(ZitadelStoresTest, OrganisationsAndTheirDefault) {
  write([](db::Transaction& tx) {
    OrganisationStore store(tx, kTenant);
    EXPECT_FALSE(store.find_default());
    store.insert(organisation("a", false));
    store.insert(organisation("b", true));
    EXPECT_EQ(store.find_default()->id.str(), "b");
    EXPECT_EQ(store.find(OrganisationId("a"))->name, "a");
    EXPECT_FALSE(store.find(OrganisationId("c")));
    EXPECT_FALSE(OrganisationStore(tx, kOther).find(OrganisationId("a")));
  });
}

TEST_P(ZitadelStoresTest, MembershipsAreOnePerUserAndPlace) {
  write([](db::Transaction& tx) {
    OrganisationStore store(tx, kTenant);
    EXPECT_EQ(store.put_membership({"u", kInstance, {"IAM_OWNER"}, kNow}, false), Insert::done);
    EXPECT_EQ(store.put_membership({"u", kInstance, {"X"}, kNow}, false), Insert::duplicate);
    EXPECT_EQ(store.put_membership({"u", OrganisationId("org"), {"A", "B"}, kNow}, false), Insert::done);
    EXPECT_EQ(store.put_membership({"u", kInstance, {"C"}, kNow}, true), Insert::done);
    const auto of_user = store.memberships_of("u");
    ASSERT_EQ(of_user.size(), 2u);
    EXPECT_EQ(of_user[0].roles, std::vector<std::string>{"C"});
    EXPECT_EQ(of_user[1].roles, (std::vector<std::string>{"A", "B"}));
    EXPECT_EQ(store.list_members(kInstance).size(), 1u);
    EXPECT_TRUE(OrganisationStore(tx, kOther).memberships_of("u").empty());
    EXPECT_FALSE(OrganisationStore(tx, kOther).remove_membership("u", kInstance));
    EXPECT_TRUE(store.remove_membership("u", kInstance));
    EXPECT_FALSE(store.remove_membership("u", kInstance));
  });
}

TEST_P(ZitadelStoresTest, AMembershipGoesWithItsPerson) {
  write([](db::Transaction& tx) {
    UserStore(tx, kTenant).insert(sample_user());
    OrganisationStore(tx, kTenant).put_membership({sample_user().id.str(), kInstance, {"IAM_OWNER"}, kNow}, false);
    UserStore(tx, kTenant).remove(sample_user().id);
    EXPECT_TRUE(OrganisationStore(tx, kTenant).memberships_of(sample_user().id.str()).empty());
  });
}

TEST_P(ZitadelStoresTest, ServiceUsersAreFoundByIdAndName) {
  write([](db::Transaction& tx) {
    ServiceUserStore store(tx, kTenant);
    EXPECT_EQ(store.insert(service_user("1", "Robot")), Insert::done);
    EXPECT_EQ(store.insert(service_user("2", "rObot")), Insert::duplicate);
    EXPECT_EQ(store.find_by_username("ROBOT")->id.str(), "1");
    EXPECT_EQ(store.find(ServiceUserId("1"))->secret_hash, hash_of<model::ClientSecretHash>("1"));
    EXPECT_FALSE(ServiceUserStore(tx, kOther).find(ServiceUserId("1")));
    EXPECT_FALSE(ServiceUserStore(tx, kOther).find_by_username("robot"));
  });
}

TEST_P(ZitadelStoresTest, KeysAndTokensEnd) {
  write([](db::Transaction& tx) {
    ServiceUserStore store(tx, kTenant);
    store.insert(service_user("1", "robot"));
    store.insert_key({"k", ServiceUserId("1"), "RS256", "pem", kNow, kNow + 60s});
    EXPECT_TRUE(store.find_key(ServiceUserId("1"), "k", kNow));
    EXPECT_FALSE(store.find_key(ServiceUserId("1"), "k", kNow + 60s));
    EXPECT_FALSE(store.find_key(ServiceUserId("2"), "k", kNow)) << "another user's";
    const auto hash = hash_of<model::ServiceTokenHash>("t");
    store.insert_token({hash, "t", ServiceUserId("1"), true, {"a", "b"}, kNow, kNow + 60s});
    store.insert_token({hash_of<model::ServiceTokenHash>("for ever"), "e", ServiceUserId("1"), true, {}, kNow, {}});
    EXPECT_EQ(store.find_live_token(hash, kNow)->scope, (std::vector<std::string>{"a", "b"}));
    EXPECT_FALSE(store.find_live_token(hash, kNow + 60s));
    EXPECT_FALSE(ServiceUserStore(tx, kOther).find_live_token(hash, kNow));
    EXPECT_EQ(sweep(tx, kNow + 60s, kNow, 10), 1);
    EXPECT_TRUE(store.find_live_token(hash_of<model::ServiceTokenHash>("for ever"), kNow + 99h));
    EXPECT_FALSE(store.remove_token(hash));
    EXPECT_TRUE(store.remove(ServiceUserId("1")));
    EXPECT_FALSE(store.find_live_token(hash_of<model::ServiceTokenHash>("for ever"), kNow));
    EXPECT_FALSE(store.find_key(ServiceUserId("1"), "k", kNow));
  });
}

TEST_P(ZitadelStoresTest, PoliciesAndTheirProviders) {
  write([](db::Transaction& tx) {
    LoginPolicyStore store(tx, kTenant);
    EXPECT_FALSE(store.update(policy(kInstance)));
    EXPECT_EQ(store.insert(policy(kInstance)), Insert::done);
    EXPECT_EQ(store.insert(policy(kInstance)), Insert::duplicate);
    EXPECT_TRUE(store.update(policy(kInstance, false)));
    EXPECT_EQ(store.find(kInstance)->version, 2);
    EXPECT_FALSE(store.find(kInstance)->offers_providers);
    EXPECT_EQ(store.add_provider(kInstance, ConnectionId("b")), Insert::done);
    EXPECT_EQ(store.add_provider(kInstance, ConnectionId("a")), Insert::done);
    EXPECT_EQ(store.add_provider(kInstance, ConnectionId("a")), Insert::duplicate);
    EXPECT_EQ(store.providers(kInstance), (std::vector{ConnectionId("b"), ConnectionId("a")})) << "as they were added";
    EXPECT_TRUE(LoginPolicyStore(tx, kOther).providers(kInstance).empty());
    EXPECT_TRUE(store.remove_provider(kInstance, ConnectionId("b")));
    EXPECT_FALSE(store.remove_provider(kInstance, ConnectionId("b")));
    EXPECT_TRUE(store.remove(kInstance));
    EXPECT_TRUE(store.providers(kInstance).empty());
  });
}

TEST_P(ZitadelStoresTest, ThePolicyInForceIsTheDefaultOrganisationsElseTheInstances) {
  write([](db::Transaction& tx) {
    LoginPolicyStore store(tx, kTenant);
    OrganisationStore(tx, kTenant).insert(organisation("default", true));
    OrganisationStore(tx, kTenant).insert(organisation("other", false));
    store.insert(policy(kInstance));
    store.insert(policy(OrganisationId("other")));
    EXPECT_EQ(default_policy_owner(tx, kTenant), kInstance);
    store.insert(policy(OrganisationId("default")));
    EXPECT_EQ(default_policy_owner(tx, kTenant).str(), "default");
  });
}

TEST_P(ZitadelStoresTest, WhatIsOfferedIsEnabledForEveryApplicationButTheGlobalOne) {
  write([](db::Transaction& tx) {
    ClientStore(tx, kTenant).insert(sample_client());
    model::Client global = sample_client();
    global.id = ClientId("global");
    global.global = true;
    ClientStore(tx, kTenant).insert(global);
    ConnectionStore connections(tx, kTenant);
    connections.insert(sample_connection());
    LoginPolicyStore store(tx, kTenant);
    store.insert(policy(kInstance));
    store.add_provider(kInstance, kConnection);
    store.offer(kConnection);
    EXPECT_EQ(connections.enabled_clients(kConnection), std::vector{sample_client().id});
    model::Client later = sample_client();
    later.id = ClientId("later");
    ClientStore(tx, kTenant).insert(later);
    EXPECT_EQ(connections.enabled_clients(kConnection).size(), 2u);
    store.withdraw(kConnection);
    EXPECT_TRUE(connections.enabled_clients(kConnection).empty());
    connections.enable(kConnection, later.id);
    store.offer(kConnection);
    store.withdraw(kConnection);
    EXPECT_EQ(connections.enabled_clients(kConnection), std::vector{later.id}) << "enabled by hand";
    connections.disable(kConnection, later.id);
    store.update(policy(kInstance, false));
    later.id = ClientId("latest");
    ClientStore(tx, kTenant).insert(later);
    EXPECT_TRUE(connections.enabled_clients(kConnection).empty());
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, ZitadelStoresTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
