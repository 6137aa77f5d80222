#include "management/new_client.h"

#include "management/management_test.h"
#include "management/scopes.h"
#include "management/system_resource_server.h"
#include "store/client_store.h"
#include "store/resource_server_store.h"
#include "tickets/opaque.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

class NewClientTest : public ManagementTest {};

TEST_F(NewClientTest, HasASecretByHashAndSealed) {
  const auto made = management::make_client(kTenant, {{"name", "shell"}}, box_, random_, clock_.now());
  ASSERT_TRUE(made);
  EXPECT_EQ(made->secret.size(), 64U);
  EXPECT_EQ(made->client.secret_hash, tickets::hash_client_secret(made->secret));
  EXPECT_EQ(open_secret(made->client, box_), made->secret);
  EXPECT_FALSE(made->client.doc.contains(made->secret));
}

TEST_F(NewClientTest, ASealedSecretOpensForItsOwnClientOnly) {
  auto made = management::make_client(kTenant, {{"name", "shell"}}, box_, random_, clock_.now());
  made->client.id = ClientId("somebody else");
  EXPECT_EQ(open_secret(made->client, box_), "");
}

TEST_F(NewClientTest, FollowsTheRulesOfTheApi) {
  const auto refused = management::make_client(
      kTenant, {{"name", "shell"}, {"callbacks", json::array{"http://a.example/cb"}}}, box_, random_, clock_.now());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 400);
}

TEST_F(NewClientTest, AManagementClientMayUseEveryScope) {
  const auto made = management::make_client(kTenant, {{"name", "shell"}}, box_, random_, clock_.now());
  const std::string audience = system_identifier("https://default.example.com");
  write([&](db::Transaction& tx) {
    store::ClientStore(tx, kTenant).insert(made->client);
    grant_all_scopes(tx, made->client, audience, random_, clock_.now());
  });
  const auto grant = read([&](db::Transaction& tx) {
    return store::ClientGrantStore(tx, kTenant).find(made->client.id, audience, "client");
  });
  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->scope, scope_catalogue());
  EXPECT_EQ(get("/client-grants/" + grant->id).status, 200);
}

TEST_F(NewClientTest, ThereIsOneGlobalClientHoweverOftenItIsEnsured) {
  write([&](db::Transaction& tx) { ensure_global_client(tx, kTenant, random_, clock_.now()); });
  EXPECT_EQ(get("/clients?is_global=true").body.get_array().size(), 1U);
}

}  // namespace
}  // namespace symbolon::management
