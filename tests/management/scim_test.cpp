#include "management/management_test.h"
#include "management/scim_mapping.h"
#include "store/scim_store.h"
#include "tickets/opaque.h"

// SCIM configurations and tokens (management-api §2.12, scim §1.2–1.5, tests A).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class ScimTest : public ManagementTest {
 protected:
  Reply configure(const std::string& body = "") { return post(path_, body); }
  Reply make_token(const std::string& body = "{}") { return post(path_ + "/tokens", body); }

  const std::string connection_ = make_connection("corp");
  const std::string path_ = "/connections/" + connection_ + "/scim-configuration";
};

TEST_F(ScimTest, AConfigurationStartsWithTheDefaultMapping) {
  const Reply made = configure();
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.at("/connection_id"), connection_);
  EXPECT_EQ(made.at("/connection_name"), "corp");
  EXPECT_EQ(made.at("/strategy"), "oidc");
  EXPECT_EQ(made.at("/tenant_name"), "default");
  EXPECT_EQ(made.at("/user_id_attribute"), "externalId");
  EXPECT_EQ(made.id("created_at"), made.id("updated_on"));
  ASSERT_EQ(made.at("/mapping").as_array().size(), 32u);
  EXPECT_EQ(made.at("/mapping/0"), json::parse(R"({"scim":"userName","auth0":"preferred_username"})"));
  EXPECT_EQ(made.at("/mapping/31/scim"), "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.manager");
  EXPECT_EQ(get(path_).body, made.body);

  const Reply again = configure("{}");
  EXPECT_EQ(again.status, 400);
  EXPECT_THAT(again.message(), HasSubstr("already exists"));
}

TEST_F(ScimTest, TheDefaultMappingIsOneThatCouldBeSent) {
  EXPECT_TRUE(is_valid_scim_mapping(default_scim_mapping()));
  const Reply shown = get(path_ + "/default-mapping");
  EXPECT_EQ(shown.body, json::value(json::object{{"mapping", default_scim_mapping()}}));
}

TEST_F(ScimTest, NamesAreNotComparedWithTheScimSchema) {
  const Reply made = configure(
      R"({"user_id_attribute":"test_attribute","mapping":[{"auth0":"attr_auth0_1","scim":"scim_1"},{"auth0":"email","scim":"email"}]})");
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.at("/user_id_attribute"), "test_attribute");
  EXPECT_EQ(made.at("/mapping/0/auth0"), "attr_auth0_1");
}

TEST_F(ScimTest, AChangeNamesBothAndReplacesTheMapping) {
  configure();
  EXPECT_EQ(patch(path_, R"({"mapping":[]})").status, 400);
  clock_.advance(std::chrono::hours(1));
  const Reply changed =
      patch(path_, R"({"user_id_attribute":"userName","mapping":[{"scim":"userName","auth0":"username"}]})");
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.at("/mapping").as_array().size(), 1u);
  EXPECT_LT(changed.id("created_at"), changed.id("updated_on"));
  EXPECT_EQ(get(path_).body, changed.body);
}

TEST_F(ScimTest, RefusesMappingsThatAreNotOneToOneOrReachTooFar) {
  for (const char* rows : {
           R"([{"scim":"a","auth0":"x"},{"scim":"b","auth0":"x"}])", R"([{"scim":"a","auth0":"x"},{"scim":"a","auth0":"y"}])",
           R"([{"scim":"id","auth0":"x"}])", R"([{"scim":"password","auth0":"x"}])", R"([{"scim":"meta.created","auth0":"x"}])",
           R"([{"scim":"schemas","auth0":"x"}])", R"([{"scim":"","auth0":"x"}])", R"([{"scim":"a","auth0":""}])",
           R"([{"scim":"a","auth0":"user_id"}])", R"([{"scim":"a","auth0":"identities"}])", R"([{"scim":"a","auth0":"tenant"}])",
           R"([{"scim":"a","auth0":"multifactor_last"}])", R"([{"scim":"userName","auth0":"blocked"}])"}) {
    const Reply refused = configure(R"({"user_id_attribute":"externalId","mapping":)" + std::string(rows) + "}");
    EXPECT_EQ(refused.status, 400) << rows;
    EXPECT_EQ(refused.message(), "Invalid mapping provided") << rows;
  }
  EXPECT_EQ(get(path_).status, 404) << "nothing was written";
}

TEST_F(ScimTest, DeletingTakesTheTokensToo) {
  configure();
  make_token();
  EXPECT_EQ(remove(path_).status, 204);
  const Reply gone = get(path_);
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.message(), "Not Found");
  EXPECT_FALSE(gone.has("/errorCode"));
  EXPECT_EQ(remove(path_).status, 404);
  configure();
  EXPECT_EQ(get(path_ + "/tokens").body, json::value(json::array{}));
}

TEST_F(ScimTest, GoesWithTheConnection) {
  configure();
  make_token();
  remove("/connections/" + connection_);
  EXPECT_EQ(get(path_).at("/errorCode"), "inexistent_connection");
  read([&](db::Transaction& tx) {
    store::ScimStore scim(tx, kTenant);
    EXPECT_FALSE(scim.find(ConnectionId(connection_)));
    EXPECT_TRUE(scim.list_tokens(ConnectionId(connection_)).empty());
  });
}

TEST_F(ScimTest, SocialConnectionsHaveNone) {
  const std::string id = post("/connections", R"({"strategy":"oauth2","name":"social","options":{"client_id":"abc",)"
                                              R"("authorizationURL":"https://a.example/a","tokenURL":"https://a.example/t"}})")
                             .id();
  const Reply refused = post("/connections/" + id + "/scim-configuration", "");
  EXPECT_EQ(refused.status, 404);
  EXPECT_THAT(refused.message(), testing::StartsWith("This connection type does not support SCIM."));
}

TEST_F(ScimTest, ListsAllConfigurationsWithACursor) {
  configure();
  const std::string second = make_connection("second");
  post("/connections/" + second + "/scim-configuration", "");
  make_connection("third");
  const Reply first = get("/connections-scim-configurations?take=1");
  ASSERT_EQ(first.at("/scim_configurations").as_array().size(), 1u);
  EXPECT_EQ(first.at("/scim_configurations/0/connection_id"), connection_);
  const Reply rest = get("/connections-scim-configurations?take=1&from=" + first.id("next"));
  EXPECT_EQ(rest.at("/scim_configurations/0/connection_id"), second);
  EXPECT_FALSE(rest.has("/next"));
}

TEST_F(ScimTest, ATokenIsShownOnceAndStoredByHash) {
  configure();
  const Reply made = make_token();
  ASSERT_EQ(made.status, 201);
  const std::string value = made.id("token");
  EXPECT_THAT(value, testing::MatchesRegex("tok_[A-Za-z0-9]{16}\\.[0-9a-f]{64}"));
  EXPECT_TRUE(value.starts_with(made.id("token_id") + "."));
  EXPECT_EQ(made.at("/scopes").as_array().size(), 10u);
  EXPECT_FALSE(made.has("/valid_until"));
  const Reply listed = get(path_ + "/tokens");
  ASSERT_EQ(listed.body.as_array().size(), 1u);
  EXPECT_EQ(listed.at("/0/token_id"), made.id("token_id"));
  EXPECT_THAT(listed.text, testing::Not(HasSubstr(value.substr(21))));
  const auto stored =
      read([&](db::Transaction& tx) { return store::ScimStore(tx, kTenant).list_tokens(ConnectionId(connection_)); });
  EXPECT_EQ(stored.at(0).hash, tickets::hash_ticket("scim_token", value));
  EXPECT_THAT(logged(), testing::Contains("sapi: Create a SCIM token"));
}

TEST_F(ScimTest, ATokenCanBeNarrowAndShortLived) {
  configure();
  const Reply made = make_token(R"({"scopes":["get:users","post:users"],"token_lifetime":901})");
  EXPECT_EQ(made.at("/scopes"), json::parse(R"(["get:users","post:users"])"));
  EXPECT_EQ(made.at("/valid_until"), to_iso8601(clock_.now() + std::chrono::seconds(901)));
  EXPECT_FALSE(make_token(R"({"token_lifetime":null})").has("/valid_until"));
  for (const char* body : {R"({"token_lifetime":900})", R"({"token_lifetime":"abc"})", R"({"scopes":["read:users"]})",
                           R"({"scopes":[]})", R"({"surprise":1})"}) {
    EXPECT_EQ(make_token(body).status, 400) << body;
  }
}

TEST_F(ScimTest, TwoTokensAreEnoughForAChangeover) {
  configure();
  const std::string first = make_token(R"({"token_lifetime":901})").id("token_id");
  make_token();
  const Reply third = make_token();
  EXPECT_EQ(third.status, 409);
  EXPECT_EQ(third.message(), "Maximum of 2 tokens already issued for this connection");
  EXPECT_EQ(remove(path_ + "/tokens/" + first).status, 204);
  EXPECT_EQ(remove(path_ + "/tokens/" + first).status, 404);
  EXPECT_EQ(make_token(R"({"token_lifetime":901})").status, 201);
  clock_.advance(std::chrono::seconds(902));
  EXPECT_EQ(make_token().status, 201) << "an expired one does not count";
  EXPECT_EQ(get(path_ + "/tokens").body.as_array().size(), 2u);
}

TEST_F(ScimTest, TokensNeedAConfigurationAndTheirOwnScope) {
  EXPECT_EQ(make_token().status, 404);
  EXPECT_EQ(get(path_ + "/tokens").status, 404);
  configure();
  EXPECT_EQ(send({"POST", path_ + "/tokens", "{}", token_without("create:scim_token"), {}}).status, 403);
}

}  // namespace
}  // namespace symbolon::management
