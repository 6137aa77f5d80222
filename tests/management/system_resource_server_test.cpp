#include "management/system_resource_server.h"

#include <set>

#include "management/management_test.h"
#include "management/new_client.h"
#include "management/scopes.h"
#include "store/resource_server_store.h"

// What exists out of the box (management-api §5.1, §5.5).
namespace symbolon::management {
namespace {

class SystemApiTest : public ManagementTest {
 protected:
  void ensure(const std::string& base_url) {
    write([&](db::Transaction& tx) {
      ensure_system_resource_server(tx, kTenant, base_url, random_, clock_.now());
    });
  }
};

TEST_F(SystemApiTest, HasTheRecordedMembersAndEveryScope) {
  const Reply api = get("/resource-servers/https:%2F%2Fdefault.example.com%2Fapi%2Fv2%2F");
  EXPECT_EQ(api.at("/name"), "Auth0 Management API");
  EXPECT_EQ(api.at("/is_system"), true);
  EXPECT_EQ(api.at("/signing_alg"), "RS256");
  EXPECT_EQ(api.at("/token_lifetime"), 86400);
  EXPECT_EQ(api.at("/token_lifetime_for_web"), 7200);
  EXPECT_EQ(api.at("/allow_offline_access"), false);
  EXPECT_EQ(api.at("/scopes").get_array().size(), scope_catalogue().size());
}

TEST_F(SystemApiTest, IsMadeOnce) {
  const std::string before = get("/resource-servers").text;
  ensure("https://default.example.com");
  EXPECT_EQ(get("/resource-servers").text, before);
}

TEST_F(SystemApiTest, MovesWithThePublicUrlAndTakesItsGrantsAlong) {
  const std::string id(get("/resource-servers").at("/0/id").get_string());
  std::vector<std::string> grants;
  for (int i = 0; i < 120; ++i) {
    auto made = management::make_client(kTenant, {{"name", "c"}}, box_, random_, clock_.now());
    write([&](db::Transaction& tx) {
      grant_all_scopes(tx, made->client, system_identifier("https://default.example.com"), random_, clock_.now());
    });
  }
  ensure("https://new.example.com");
  EXPECT_EQ(get("/resource-servers").body.get_array().size(), 1U);
  EXPECT_EQ(get("/resource-servers/https:%2F%2Fnew.example.com%2Fapi%2Fv2%2F").id(), id);
  EXPECT_EQ(get("/resource-servers/https:%2F%2Fdefault.example.com%2Fapi%2Fv2%2F").status, 404);
  EXPECT_EQ(get("/client-grants?include_totals=true&audience=https%3A%2F%2Fnew.example.com%2Fapi%2Fv2%2F").at("/total"), 120);
  EXPECT_EQ(get("/client-grants?include_totals=true&audience=https%3A%2F%2Fdefault.example.com%2Fapi%2Fv2%2F").at("/total"), 0);
}

TEST(ScopeCatalogue, NamesEveryScopeOnce) {
  const std::vector<std::string>& all = scope_catalogue();
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
  for (const char* scope :
       {"read:connections", "create:connections", "read:connections_options", "update:connections_options",
        "read:users_app_metadata", "create:client_keys", "blacklist:tokens", "create:sso_access_tickets",
        "delete:network_acl_keys", "read:organization_clients", "read:federated_connections_tokens", "update:triggers"})
    EXPECT_THAT(all, testing::Contains(scope));
  for (const std::string& scope : all) EXPECT_THAT(scope, testing::MatchesRegex("[a-z]+:[a-z_]+"));
}

}  // namespace
}  // namespace symbolon::management
