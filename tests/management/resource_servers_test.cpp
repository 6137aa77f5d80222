#include "management/management_test.h"

// /api/v2/resource-servers (management-api §5.4).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class ResourceServersTest : public ManagementTest {
 protected:
  Reply create(const std::string& more = "") {
    return post("/resource-servers",
                R"({"identifier":"https://api.example.com/v1")" + (more.empty() ? "" : "," + more) + "}");
  }
};

TEST_F(ResourceServersTest, ANewApiHasTheRecordedDefaults) {
  const Reply made = create(R"("scopes":[{"value":"read:x","description":"Read"}])");
  ASSERT_EQ(made.status, 201);
  EXPECT_THAT(made.id(), testing::MatchesRegex("[0-9a-f]{24}"));
  const json::object want{
      {"id", made.id()},
      {"identifier", "https://api.example.com/v1"},
      {"name", "https://api.example.com/v1"},
      {"is_system", false},
      {"scopes", json::parse(R"([{"value":"read:x","description":"Read"}])")},
      {"allow_offline_access", false},
      {"skip_consent_for_verifiable_first_party_clients", false},
      {"token_lifetime", 86400},
      {"token_lifetime_for_web", 7200},
      {"signing_alg", "RS256"},
      {"subject_type_authorization",
       {{"user", {{"policy", "allow_all"}}}, {"client", {{"policy", "require_client_grant"}}}}}};
  EXPECT_EQ(made.body, json::value(want)) << made.text;
}

TEST_F(ResourceServersTest, AreAddressedByIdAndByEncodedIdentifier) {
  const Reply made = create();
  const std::string encoded = "/resource-servers/https:%2F%2Fapi.example.com%2Fv1";
  EXPECT_EQ(get("/resource-servers/" + made.id()).body, made.body);
  EXPECT_EQ(get(encoded).body, made.body);
  const Reply changed = patch(encoded, R"({"name":"Mine","token_lifetime":600})");
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.at("/name"), "Mine");
  EXPECT_EQ(changed.at("/token_lifetime_for_web"), 600);
  EXPECT_EQ(remove(encoded).status, 204);
  EXPECT_EQ(remove(encoded).status, 204);
  const Reply gone = get(encoded);
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.at("/errorCode"), "inexistent_resource_server");
  EXPECT_EQ(gone.message(), "The resource server does not exist");
}

TEST_F(ResourceServersTest, AnIdentifierEscapedTwiceIsFoundUnlessAnotherApiHasThatName) {
  const Reply made = create();
  const std::string twice = "/resource-servers/https:%252F%252Fapi.example.com%252Fv1";
  EXPECT_EQ(get(twice).body, made.body);
  EXPECT_EQ(get("/resource-servers/https:%252F%252Fapi.example.com%252Fv2").status, 404);
  EXPECT_EQ(get("/resource-servers/100%25").status, 404);
  const Reply literal = post("/resource-servers", R"({"identifier":"https:%2F%2Fapi.example.com%2Fv1"})");
  EXPECT_EQ(get(twice).body, literal.body);
}

TEST_F(ResourceServersTest, AShortLifetimeShortensTheOneForBrowsers) {
  const Reply made = create(R"("token_lifetime":3600)");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.at("/token_lifetime_for_web"), 3600);
}

TEST_F(ResourceServersTest, AMistakeIsNamed) {
  const struct {
    const char *more, *message;
  } kRows[] = {
      {R"("token_lifetime":60,"token_lifetime_for_web":61)", "token_lifetime_for_web is longer than token_lifetime"},
      {R"("token_lifetime":2592001)", "is greater than maximum 2592000' on property token_lifetime"},
      {R"("signing_alg":"none")", "on property signing_alg"},
      {R"("signing_secret":"short")", "String is too short (5 chars), minimum 16' on property signing_secret"},
      {R"("name":"a<b")", "on property name"},
      {R"("scopes":[{"description":"x"}])", "Missing required property: value' on property scopes[0]"},
      {R"("is_system":true)", "Additional properties not allowed: is_system"},
      {R"("id":"x")", "Additional properties not allowed: id"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.more);
    const Reply reply = create(row.more);
    EXPECT_EQ(reply.status, 400);
    EXPECT_THAT(reply.message(), HasSubstr(row.message));
  }
  EXPECT_EQ(post("/resource-servers", "{}").message(), "Payload validation error: 'Missing required property: identifier'.");
  EXPECT_EQ(create().status, 201);
  const Reply again = create();
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.at("/errorCode"), "resource_server_conflict");
  EXPECT_THAT(patch("/resource-servers/https:%2F%2Fapi.example.com%2Fv1", R"({"identifier":"x"})").message(),
              HasSubstr("Additional properties not allowed: identifier"));
}

TEST_F(ResourceServersTest, ASymmetricApiHasASecretThatIsShownAndLogged) {
  const Reply made = create(R"("signing_alg":"HS256","signing_secret":"0123456789abcdef")");
  EXPECT_EQ(made.at("/signing_secret"), "0123456789abcdef");
  const std::string path = "/resource-servers/" + made.id();
  EXPECT_EQ(get(path).at("/signing_secret"), "0123456789abcdef");
  get(path + "?fields=name");
  EXPECT_EQ(patch(path, R"({"signing_secret":"fedcba9876543210"})").at("/signing_secret"), "fedcba9876543210");
  EXPECT_FALSE(patch(path, R"({"signing_alg":"RS256"})").has("/signing_secret"));
  EXPECT_THAT(logged(), testing::ElementsAre("sapi: Create a resource server", "mgmt_api_read: Read a signing secret",
                                             "sapi: Update a resource server", "sapi: Update a resource server"));
}

TEST_F(ResourceServersTest, ASymmetricApiWithoutASecretGetsOne) {
  EXPECT_EQ(create(R"("signing_alg":"HS256")").id("signing_secret").size(), 43U);
  const std::string other = post("/resource-servers", R"({"identifier":"other"})").id();
  EXPECT_TRUE(patch("/resource-servers/" + other, R"({"signing_alg":"HS256"})").has("/signing_secret"));
}

TEST_F(ResourceServersTest, TheSystemsOwnApiIsFixed) {
  const std::string path = "/resource-servers/https:%2F%2Fdefault.example.com%2Fapi%2Fv2%2F";
  const Reply system = get(path);
  ASSERT_EQ(system.status, 200);
  EXPECT_EQ(system.at("/is_system"), true);
  EXPECT_EQ(patch(path, R"({"name":"x"})").message(), "System resource servers cannot be patched.");
  EXPECT_EQ(remove(path).status, 400);
  EXPECT_EQ(get(path).body, system.body);
}

TEST_F(ResourceServersTest, AreFoundByIdentifiers) {
  create();
  post("/resource-servers", R"({"identifier":"other"})");
  EXPECT_EQ(get("/resource-servers?identifiers=other&identifiers=none").body.get_array().size(), 1U);
  EXPECT_EQ(get("/resource-servers?include_totals=true&page=0&per_page=2").at("/total"), 3);
  std::string many = "/resource-servers?identifiers=x";
  for (int i = 0; i < 10; ++i) many += "&identifiers=x";
  EXPECT_THAT(get(many).message(), HasSubstr("Array is too long (11), maximum 10' on property identifiers"));
}

}  // namespace
}  // namespace symbolon::management
