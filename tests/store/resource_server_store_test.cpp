#include "store/resource_server_store.h"

#include "store/store_test.h"

namespace symbolon::store {
namespace {

class ResourceServerStoreTest : public StoreTest {};

std::string ids(const std::vector<model::ResourceServer>& servers) {
  std::string text;
  for (const auto& server : servers) text += server.id + " ";
  return text;
}

TEST_P(ResourceServerStoreTest, FindsWhatWasInserted) {
  const auto server = sample_resource_server();
  write([&](db::Transaction& tx) {
    ResourceServerStore servers(tx, kTenant);
    EXPECT_EQ(servers.insert(server), Insert::done);
    expect_same(servers.find("rs_1").value(), server);
    expect_same(servers.find("https://api.example.com").value(), server);
    expect_same(servers.find_by_identifier("https://api.example.com").value(), server);
    EXPECT_FALSE(servers.find_by_identifier("rs_1"));
    EXPECT_FALSE(servers.find("https://api.example.com/"));
    EXPECT_EQ(servers.insert(sample_resource_server(kTenant, "rs_1", "https://other")), Insert::duplicate);
    EXPECT_EQ(servers.insert(sample_resource_server(kTenant, "rs_2")), Insert::duplicate);
  });
}

TEST_P(ResourceServerStoreTest, UpdatesOnlyTheVersionItWasBasedOn) {
  write([](db::Transaction& tx) {
    ResourceServerStore servers(tx, kTenant);
    auto server = sample_resource_server();
    EXPECT_EQ(servers.update(server, 2), Update::missing);
    servers.insert(server);
    auto changed = resource_server_from_document(
        kTenant, R"({"id":"rs_1","identifier":"https://api.example.com","name":"New","is_system":true})");
    EXPECT_EQ(servers.update(changed, 1), Update::changed_meanwhile);
    EXPECT_EQ(servers.find("rs_1")->name, "API");
    EXPECT_EQ(servers.update(changed, 2), Update::done);
    changed.version = 3;
    changed.created_at = kNow;
    expect_same(servers.find("rs_1").value(), changed);
  });
}

TEST_P(ResourceServerStoreTest, ListsInOrderOfCreation) {
  write([](db::Transaction& tx) {
    ResourceServerStore servers(tx, kTenant);
    for (const char* id : {"c", "a", "b"})
      servers.insert(sample_resource_server(kTenant, id, "https://" + std::string(id)));
    EXPECT_EQ(ids(servers.list({}, {}).items), "c a b ");
    EXPECT_EQ(ids(servers.list({"https://b", "https://c", "https://x"}, {}).items), "c b ");
    const auto page = servers.list({}, {.limit = 2});
    EXPECT_EQ(page.total, 3);
    EXPECT_EQ(ids(servers.list({}, {.after = page.next.value()}).items), "b ");
  });
}

TEST_P(ResourceServerStoreTest, RemovalTakesItsClientGrants) {
  write([](db::Transaction& tx) {
    ResourceServerStore servers(tx, kTenant);
    ClientGrantStore grants(tx, kTenant);
    servers.insert(sample_resource_server());
    grants.insert(sample_client_grant());
    auto other =
        client_grant_from_document(kTenant, R"({"id":"cgr_2","client_id":"client_1","audience":"https://other"})");
    grants.insert(other);
    EXPECT_FALSE(servers.remove("https://api.example.com")) << "only the id names what is removed";
    EXPECT_TRUE(servers.remove("rs_1"));
    EXPECT_FALSE(servers.remove("rs_1"));
    EXPECT_FALSE(servers.find("https://api.example.com"));
    EXPECT_FALSE(grants.find("cgr_1"));
    EXPECT_TRUE(grants.find("cgr_2"));
  });
}

TEST_P(ResourceServerStoreTest, ClientGrantsAreUniqueByTarget) {
  const auto grant = sample_client_grant();
  write([&](db::Transaction& tx) {
    ClientGrantStore grants(tx, kTenant);
    EXPECT_EQ(grants.insert(grant), Insert::done);
    EXPECT_EQ(grants.insert(sample_client_grant(kTenant, "cgr_2")), Insert::duplicate);
    EXPECT_EQ(grants.insert(sample_client_grant(kTenant, "cgr_1", "client_2")), Insert::duplicate);
    auto for_users = sample_client_grant(kTenant, "cgr_3");
    for_users.subject_type = "user";
    for_users.doc =
        R"({"id":"cgr_3","client_id":"client_1","audience":"https://api.example.com","subject_type":"user"})";
    EXPECT_EQ(grants.insert(for_users), Insert::done);

    expect_same(grants.find("cgr_1").value(), grant);
    expect_same(grants.find(ClientId("client_1"), "https://api.example.com", "client").value(), grant);
    EXPECT_EQ(grants.find(ClientId("client_1"), "https://api.example.com", "user")->id, "cgr_3");
    EXPECT_FALSE(grants.find(ClientId("client_2"), "https://api.example.com", "client"));
    EXPECT_FALSE(grants.find(ClientId("client_1"), "https://other", "client"));
    EXPECT_FALSE(grants.find("cgr_9"));
  });
}

TEST_P(ResourceServerStoreTest, ClientGrantsAreListedUpdatedAndRemoved) {
  write([](db::Transaction& tx) {
    ClientGrantStore grants(tx, kTenant);
    EXPECT_EQ(grants.update(sample_client_grant(), 2), Update::missing);
    grants.insert(sample_client_grant(kTenant, "b", "client_1"));
    grants.insert(sample_client_grant(kTenant, "a", "client_2"));
    const auto list = [&](ClientGrantFilter filter) {
      std::string text;
      for (const auto& grant : grants.list(filter, {}).items) text += grant.id + " ";
      return text;
    };
    EXPECT_EQ(list({}), "b a ");
    EXPECT_EQ(list({.client = ClientId("client_2")}), "a ");
    EXPECT_EQ(list({.audience = "https://api.example.com"}), "b a ");
    EXPECT_EQ(list({.audience = "https://other"}), "");
    EXPECT_EQ(list({.subject_type = "user"}), "");

    auto changed = grants.find("a").value();
    changed.doc = R"({"id":"a","client_id":"client_2","audience":"https://api.example.com","scope":["new"]})";
    EXPECT_EQ(grants.update(changed, 1), Update::changed_meanwhile);
    EXPECT_EQ(grants.update(changed, 2), Update::done);
    EXPECT_EQ(grants.find("a")->scope, std::vector<std::string>{"new"});
    EXPECT_EQ(grants.find("a")->version, 3);
    EXPECT_TRUE(grants.remove("a"));
    EXPECT_FALSE(grants.remove("a"));
    EXPECT_EQ(list({}), "b ");
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, ResourceServerStoreTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
