#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "flows/world.h"
#include "management/new_client.h"
#include "management/system_resource_server.h"
#include "store/client_store.h"

// Every answer of /api/v2 tells of its limits, also where there is nothing (management-api R-1).
namespace symbolon::flows {
namespace {

namespace json = boost::json;

class ManagementLimits : public World, public testing::Test {
 protected:
  std::string management_token() {
    const TenantId tenant("default");
    const std::string audience = management::system_identifier("https://id.example");
    auto made = management::make_client(tenant, {{"name", "m"}, {"app_type", "non_interactive"},
                                                  {"token_endpoint_auth_method", "client_secret_post"},
                                                  {"grant_types", json::array{"client_credentials"}}},
                                        box, random, clock.now());
    run_task(db.write([&](db::Transaction& tx) {
      store::ClientStore(tx, tenant).insert(made->client);
      management::grant_all_scopes(tx, made->client, audience, random, clock.now());
    }));
    const auto answer = post("/oauth/token", {{"grant_type", "client_credentials"},
                                              {"client_id", made->client.id.str()},
                                              {"client_secret", made->secret},
                                              {"audience", audience}});
    return "Bearer " + std::string(json::parse(answer.body).at("access_token").get_string());
  }
  static int remaining(const http::Response& answer) {
    const std::string text(answer.headers.get("X-RateLimit-Remaining"));
    return text.empty() ? -1 : std::stoi(text);
  }
};

TEST_F(ManagementLimits, StandOnAnswersThatNoOperationGives) {
  const std::string token = management_token();
  const int before = remaining(get("/api/v2/clients", {{"Authorization", token}}));
  const auto unknown = get("/api/v2/nothing/here", {{"Authorization", token}});
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(remaining(unknown), before - 1);
  const auto wrong_method = get("/api/v2/users/u/identities", {{"Authorization", token}});
  EXPECT_EQ(wrong_method.status, 405);
  EXPECT_EQ(remaining(wrong_method), before - 2);
  EXPECT_FALSE(wrong_method.headers.get("X-RateLimit-Reset").empty());
}

TEST_F(ManagementLimits, AreNotUsedUpByWhoeverHasNoToken) {
  const auto first = get("/api/v2/nothing");
  EXPECT_EQ(first.status, 404);
  EXPECT_GT(remaining(first), 0);
  EXPECT_EQ(remaining(get("/api/v2/nothing", {{"Authorization", "Bearer none"}})), remaining(first));
  EXPECT_TRUE(get("/nothing").headers.get("X-RateLimit-Limit").empty());
}

}  // namespace
}  // namespace symbolon::flows
