#include "management/management_test.h"
#include "store/client_store.h"
#include "tickets/opaque.h"

// /api/v2/clients (management-api §3).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class ClientsTest : public ManagementTest {
 protected:
  Reply create(const std::string& members) { return post("/clients", R"({"name":"app")" + (members.empty() ? "" : "," + members) + "}"); }
  std::optional<model::Client> stored(const std::string& id) {
    return read([&](db::Transaction& tx) { return store::ClientStore(tx, kTenant).find(ClientId(id)); });
  }
};

TEST_F(ClientsTest, TheSmallestClientHasTheRecordedMembers) {
  const Reply made = create("");
  ASSERT_EQ(made.status, 201);
  EXPECT_THAT(made.id("client_id"), testing::MatchesRegex("[A-Za-z0-9]{32}"));
  EXPECT_THAT(made.id("client_secret"), testing::MatchesRegex("[A-Za-z0-9_-]{64}"));
  const json::object want{
      {"client_id", made.id("client_id")},
      {"client_secret", made.id("client_secret")},
      {"name", "app"},
      {"tenant", "default"},
      {"global", false},
      {"is_first_party", true},
      {"is_token_endpoint_ip_header_trusted", false},
      {"oidc_conformant", false},
      {"sso_disabled", false},
      {"cross_origin_authentication", false},
      {"custom_login_page_on", true},
      {"jwt_configuration", {{"secret_encoded", false}, {"lifetime_in_seconds", 36000}}},
      {"grant_types", json::array{"authorization_code", "refresh_token", "client_credentials"}},
      {"refresh_token",
       {{"rotation_type", "non-rotating"},
        {"expiration_type", "non-expiring"},
        {"leeway", 0},
        {"token_lifetime", 2592000},
        {"idle_token_lifetime", 1296000},
        {"infinite_token_lifetime", true},
        {"infinite_idle_token_lifetime", true}}}};
  EXPECT_EQ(made.body, json::value(want)) << made.text;
  EXPECT_EQ(get("/clients/" + made.id("client_id")).body, made.body);
}

TEST_F(ClientsTest, DefaultsFollowTheKindOfClient) {
  const Reply spa = create(R"("app_type":"spa","token_endpoint_auth_method":"none")");
  EXPECT_EQ(spa.at("/refresh_token/rotation_type"), "rotating");
  EXPECT_EQ(spa.at("/refresh_token/expiration_type"), "expiring");
  EXPECT_EQ(spa.at("/grant_types"), json::parse(R"(["authorization_code","refresh_token"])"));
  const Reply web = create(R"("token_endpoint_auth_method":"client_secret_post")");
  EXPECT_EQ(web.at("/refresh_token/token_lifetime"), 31557600);
  const Reply native = create(R"("app_type":"native","token_endpoint_auth_method":"none")");
  EXPECT_EQ(native.at("/refresh_token/token_lifetime"), 2592000);
  EXPECT_EQ(native.at("/refresh_token/idle_token_lifetime"), 1296000);
}

TEST_F(ClientsTest, ADefaultLifetimeGivesWayToOneThatWasSent) {
  const Reply made = create(R"("refresh_token":{"rotation_type":"rotating","expiration_type":"expiring","token_lifetime":600,)"
                            R"("infinite_token_lifetime":false,"infinite_idle_token_lifetime":false})");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.at("/refresh_token/idle_token_lifetime"), 600);
}

TEST_F(ClientsTest, ASecretThatWasChosenIsTaken) {
  const Reply made = create(R"("client_secret":"chosen-by-the-caller")");
  EXPECT_EQ(made.at("/client_secret"), "chosen-by-the-caller");
  EXPECT_EQ(stored(made.id("client_id"))->secret_hash, tickets::hash_client_secret("chosen-by-the-caller"));
  EXPECT_FALSE(stored(made.id("client_id"))->doc.contains("chosen"));
}

TEST_F(ClientsTest, AMistakeIsNamed) {
  const struct {
    const char *members, *message;
  } kRows[] = {
      {R"("surprise":1)", "Payload validation error: 'Additional properties not allowed: surprise'."},
      {R"("client_id":"mine")", "Payload validation error: 'Additional properties not allowed: client_id'."},
      {R"("app_type":"toaster")", "on property app_type"},
      {R"("grant_types":["telepathy"])", "on property grant_types[0]"},
      {R"("token_endpoint_auth_method":"handshake")", "on property token_endpoint_auth_method"},
      {R"("jwt_configuration":{"alg":"none"})", "on property jwt_configuration.alg"},
      {R"("callbacks":["data:text/html,x"])", "on property callbacks[0]"},
      {R"("callbacks":["https://a.example/#x"])", "on property callbacks[0]"},
      {R"("callbacks":["myapp://cb"])",
       "format callback-url: myapp://cb, which must use https, or a private-use scheme with a dot in its name"},
      {R"("callbacks":["http://a.example/cb"])",
       "Payload validation error: 'http://a.example/cb must use https, because codes would travel unencrypted' on "
       "property callbacks."},
      {R"("is_first_party":false,"callbacks":["https://*.example.com/cb"])", "must not have a wildcard"},
      {R"("web_origins":["https://a.example/path"])", "on property web_origins[0]"},
      {R"("logo_uri":"logo.png")", "on property logo_uri"},
      {R"("token_endpoint_auth_method":"none","grant_types":["client_credentials"])",
       "Invalid grant types: client_credentials"},
      {R"("token_endpoint_auth_method":"client_secret_post","client_authentication_methods":{"tls_client_auth":)"
       R"({"credentials":[{"credential_type":"cert_subject_dn","subject_dn":"/CN=x"}]}})",
       "exclude each other"},
      {R"("refresh_token":{"rotation_type":"rotating","expiration_type":"non-expiring"})", "must be expiring"},
      {R"("refresh_token":{"rotation_type":"rotating"})", "Missing required property: expiration_type"},
      {R"("refresh_token":{"rotation_type":"rotating","expiration_type":"expiring","infinite_token_lifetime":false,)"
       R"("infinite_idle_token_lifetime":false,"token_lifetime":10,"idle_token_lifetime":20})",
       "idle_token_lifetime is longer than token_lifetime"},
      {R"("oidc_logout":{"backchannel_logout_urls":["https://a.example/1","https://a.example/2"]})", "Array is too long"},
      {R"("client_metadata":{"a":1})", "on property client_metadata.a"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.members);
    const Reply reply = create(row.members);
    EXPECT_EQ(reply.status, 400);
    EXPECT_THAT(reply.message(), HasSubstr(row.message));
  }
  EXPECT_EQ(post("/clients", "{}").message(), "Payload validation error: 'Missing required property: name'.");
  EXPECT_EQ(get("/clients?include_totals=true&is_global=false").at("/total"), 0);
}

TEST_F(ClientsTest, LoopbackMayBePlainHttpAndTheTenantMayAllowMore) {
  EXPECT_EQ(create(R"("callbacks":["http://localhost:3000/cb","http://127.0.0.1/cb"])").status, 201);
  change_tenant(R"({"allow_http_callbacks":true})");
  EXPECT_EQ(create(R"("callbacks":["http://a.example/cb"])").status, 201);
}

TEST_F(ClientsTest, MembersThatArePatchedReplaceNullUnsetsTheRestStays) {
  const std::string id = create(R"("description":"old","callbacks":["https://a.example/1"],"app_type":"spa")").id("client_id");
  const Reply changed =
      patch("/clients/" + id, R"({"callbacks":["https://a.example/2"],"description":null,"jwt_configuration":{"alg":"RS256"}})");
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.at("/callbacks"), json::value(json::array{"https://a.example/2"}));
  EXPECT_FALSE(changed.has("/description"));
  EXPECT_EQ(changed.at("/app_type"), "spa");
  EXPECT_EQ(changed.at("/jwt_configuration/lifetime_in_seconds"), 36000);
  EXPECT_EQ(changed.at("/jwt_configuration/alg"), "RS256");
  EXPECT_EQ(stored(id)->callbacks, std::vector<std::string>{"https://a.example/2"});
}

TEST_F(ClientsTest, MetadataMergesKeyByKey) {
  const std::string id = create(R"("client_metadata":{"a":"1","b":"2"})").id("client_id");
  EXPECT_EQ(patch("/clients/" + id, R"({"client_metadata":{"b":null,"c":"3"}})").at("/client_metadata"),
            json::parse(R"({"a":"1","c":"3"})"));
  EXPECT_EQ(patch("/clients/" + id, R"({"client_metadata":{"a":null,"c":null}})").at("/client_metadata"),
            json::value(json::object()));
}

TEST_F(ClientsTest, MetadataHasTenKeysAtMostHoweverTheyCame) {
  const auto keys = [](char letter, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += std::string(i > 0 ? "," : "") + "\"" + letter + std::to_string(i) + "\":\"x\"";
    return R"({"client_metadata":{)" + text + "}}";
  };
  const std::string path = "/clients/" + create("").id("client_id");
  EXPECT_EQ(patch(path, keys('a', 10)).status, 200);
  const Reply refused = patch(path, keys('b', 1));
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.message(),
            "Payload validation error: 'Too many properties defined (11), maximum 10' on property client_metadata.");
  EXPECT_EQ(get(path).at("/client_metadata").get_object().size(), 10U);
  EXPECT_EQ(patch(path, R"({"client_metadata":{"a0":null,"b0":"x"}})").status, 200);
}

TEST_F(ClientsTest, WhatIsFixedAtCreationIsRefusedLater) {
  const std::string id = create(R"("third_party_security_mode":"strict","resource_server_identifier":"urn:a")").id("client_id");
  EXPECT_EQ(get("/clients/" + id).at("/third_party_security_mode"), "strict");
  const Reply repeated =
      patch("/clients/" + id, R"({"name":"x","third_party_security_mode":"strict","resource_server_identifier":"urn:a"})");
  EXPECT_EQ(repeated.status, 200) << "tools send back what they read";
  EXPECT_EQ(repeated.at("/name"), "x");
  for (const char* member : {R"("third_party_security_mode":"permissive")", R"("resource_server_identifier":"x")",
                             R"("client_id":"x")", R"("tenant":"x")", R"("global":true)"})
    EXPECT_THAT(patch("/clients/" + id, std::string("{") + member + "}").message(),
                HasSubstr("Additional properties not allowed: "));
}

TEST_F(ClientsTest, LogoutAddressesAreTheSameUnderBothNames) {
  const auto urls = [](const std::string& one) { return json::value(json::object{{"backchannel_logout_urls", json::array{one}}}); };
  const std::string id = create(R"("oidc_backchannel_logout":{"backchannel_logout_urls":["https://a.example/1"]})").id("client_id");
  EXPECT_EQ(get("/clients/" + id).at("/oidc_logout"), urls("https://a.example/1"));
  Reply changed = patch("/clients/" + id, R"({"oidc_backchannel_logout":{"backchannel_logout_urls":["https://a.example/2"]}})");
  EXPECT_EQ(changed.at("/oidc_logout"), urls("https://a.example/2"));
  changed = patch("/clients/" + id, R"({"oidc_logout":{"backchannel_logout_urls":["https://a.example/3"]},)"
                                    R"("oidc_backchannel_logout":{"backchannel_logout_urls":["https://a.example/4"]}})");
  EXPECT_EQ(changed.at("/oidc_logout"), urls("https://a.example/3"));
  EXPECT_EQ(changed.at("/oidc_backchannel_logout"), urls("https://a.example/3"));
  EXPECT_EQ(stored(id)->backchannel_logout_urls, std::vector<std::string>{"https://a.example/3"});
  changed = patch("/clients/" + id, R"({"oidc_logout":null})");
  EXPECT_FALSE(changed.has("/oidc_logout"));
  EXPECT_FALSE(changed.has("/oidc_backchannel_logout"));
  EXPECT_TRUE(stored(id)->backchannel_logout_urls.empty());
}

TEST_F(ClientsTest, NullUnderTheOldNameTakesBackChannelLogoutAway) {
  const std::string id = create(R"("oidc_logout":{"backchannel_logout_urls":["https://a.example/1"],)"
                                R"("backchannel_logout_initiators":{"mode":"all"}})").id("client_id");
  const Reply kept = patch("/clients/" + id, R"({"oidc_backchannel_logout":null,"oidc_logout":)"
                                             R"({"backchannel_logout_urls":["https://a.example/2"]}})");
  EXPECT_EQ(kept.at("/oidc_logout/backchannel_logout_urls/0"), "https://a.example/2");
  const Reply gone = patch("/clients/" + id, R"({"oidc_backchannel_logout":null})");
  EXPECT_EQ(gone.status, 200);
  EXPECT_FALSE(gone.has("/oidc_logout"));
  EXPECT_FALSE(gone.has("/oidc_backchannel_logout"));
  EXPECT_TRUE(stored(id)->backchannel_logout_urls.empty());
}

TEST_F(ClientsTest, TheStartOfASignInIsHttpsAndMayHavePlaceholders) {
  for (const char* good : {"", "https://a.example/login", "https://{organization_name}.a.example/login",
                           "https://a.example/{organization.id}?x={y}", "http://localhost:3000/login"})
    EXPECT_EQ(create(R"("initiate_login_uri":")" + std::string(good) + "\"").status, 201) << good;
  for (const char* bad : {"http://a.example/login", "javascript:alert(1)", "/login", "https://{a.example"})
    EXPECT_THAT(create(R"("initiate_login_uri":")" + std::string(bad) + "\"").message(),
                HasSubstr("on property initiate_login_uri")) << bad;
}

TEST_F(ClientsTest, ReadersSeeWhatTheirScopesAllow) {
  const std::string id = create(R"("description":"d","app_type":"spa")").id("client_id");
  const auto members = [&](std::vector<std::string> scopes) {
    std::vector<std::string> names;
    const Reply reply = send({"GET", "/clients/" + id, "", token_with(std::move(scopes)), {}});
    for (const auto& member : reply.body.get_object()) names.emplace_back(member.key());
    return names;
  };
  using testing::Contains;
  using testing::Not;
  using testing::UnorderedElementsAre;
  EXPECT_THAT(members({"read:client_summary"}), UnorderedElementsAre("client_id", "name", "description", "app_type"));
  EXPECT_THAT(members({"read:client_credentials"}), UnorderedElementsAre("client_id", "name", "description", "app_type"));
  EXPECT_THAT(members({"read:clients"}), Contains("grant_types"));
  EXPECT_THAT(members({"read:clients"}), Not(Contains("client_secret")));
  EXPECT_THAT(members({"read:client_keys"}), Contains("client_secret"));
  EXPECT_THAT(members({"read:client_keys"}), Contains("grant_types"));
}

TEST_F(ClientsTest, WritersNeedTheScopeOfWhatTheyWrite) {
  const std::string id = create("").id("client_id");
  const auto status = [&](const std::string& body, std::vector<std::string> scopes) {
    const Reply reply = send({"PATCH", "/clients/" + id, body, token_with(std::move(scopes)), {}});
    return reply.status == 403 ? reply.message() : std::to_string(reply.status);
  };
  const std::string kSecret = R"({"client_secret":"a-new-secret-of-mine"})";
  const std::string kMethods = R"({"client_authentication_methods":{"private_key_jwt":{"credentials":[]}},"token_endpoint_auth_method":null})";
  const std::string kPrefix = "Insufficient scope, expected any of: ";
  EXPECT_EQ(status(kSecret, {"update:clients"}), kPrefix + "update:client_keys");
  EXPECT_EQ(status(kSecret, {"update:client_keys"}), "200");
  EXPECT_EQ(status(R"({"name":"x"})", {"update:client_keys"}), kPrefix + "update:clients");
  EXPECT_EQ(status(R"({"token_endpoint_auth_method":"none"})", {"update:client_keys"}), kPrefix + "update:clients");
  EXPECT_EQ(status(kMethods, {"update:clients"}), kPrefix + "update:client_credentials");
  EXPECT_EQ(status(R"({"name":"x"})", {"update:client_token_vault_privileged_access"}), kPrefix + "update:clients");
  EXPECT_EQ(status(kSecret, {"update:client_token_vault_privileged_access"}), kPrefix + "update:client_keys");
  EXPECT_EQ(status(R"({"name":"x"})", {"read:clients"}),
            kPrefix + "update:clients,update:client_keys,update:client_credentials,"
                      "update:client_token_vault_privileged_access");
  EXPECT_EQ(status(kMethods, {"update:client_credentials"}), "200");
  EXPECT_EQ(status(R"({"client_authentication_methods":null,"name":"x"})", {"update:clients"}), "200");
  const std::string kNew = R"({"name":"x","client_authentication_methods":{"tls_client_auth":{"credentials":)"
                           R"([{"credential_type":"cert_subject_dn","subject_dn":"/CN=x"}]}}})";
  EXPECT_EQ(send({"POST", "/clients", kNew, token_with({"create:clients"}), {}}).message(),
            kPrefix + "create:client_credentials");
  const std::string kRequestKeys = R"({"name":"x","signed_request_object":{"credentials":[]}})";
  EXPECT_EQ(send({"POST", "/clients", kRequestKeys, token_with({"create:clients"}), {}}).message(),
            kPrefix + "create:client_credentials");
  EXPECT_EQ(status(kRequestKeys, {"update:clients"}), kPrefix + "update:client_credentials");
  EXPECT_EQ(status(R"({"signed_request_object":{"required":true}})", {"update:clients"}), "200");
}

TEST_F(ClientsTest, ANewSecretReplacesTheOldOne) {
  const Reply made = create("");
  const std::string id = made.id("client_id");
  const Reply rotated = send({"POST", "/clients/" + id + "/rotate-secret", "", token_with({"update:client_keys"}), {}});
  ASSERT_EQ(rotated.status, 200);
  EXPECT_THAT(rotated.id("client_secret"), testing::MatchesRegex("[A-Za-z0-9_-]{64}"));
  EXPECT_NE(rotated.id("client_secret"), made.id("client_secret"));
  EXPECT_EQ(stored(id)->secret_hash, tickets::hash_client_secret(rotated.id("client_secret")));
  EXPECT_EQ(get("/clients/" + id).at("/client_secret"), rotated.at("/client_secret"));
  EXPECT_EQ(post("/clients/unknown/rotate-secret", "").at("/errorCode"), "inexistent_client");
  patch("/clients/" + id, R"({"client_authentication_methods":{"private_key_jwt":{"credentials":[]}}})");
  EXPECT_EQ(post("/clients/" + id + "/rotate-secret", "").status, 400);
}

TEST_F(ClientsTest, DeletionIsIdempotentAndNeverOfTheCallerItself) {
  const std::string id = create("").id("client_id");
  EXPECT_EQ(remove("/clients/" + id).status, 204);
  EXPECT_EQ(remove("/clients/" + id).status, 204);
  const Reply gone = get("/clients/" + id);
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.at("/errorCode"), "inexistent_client");
  EXPECT_EQ(gone.message(), "The client does not exist");
  EXPECT_EQ(patch("/clients/" + id, R"({"name":"x"})").status, 404);
  EXPECT_EQ(remove("/clients/" + token_.client).message(), "cannot delete the client in use");
}

TEST_F(ClientsTest, TheGlobalClientIsListedAndUntouchable) {
  const Reply global = get("/clients?is_global=true");
  ASSERT_EQ(global.body.get_array().size(), 1U);
  EXPECT_EQ(global.at("/0/name"), "All Applications");
  EXPECT_EQ(global.at("/0/global"), true);
  const std::string path = "/clients/" + std::string(global.at("/0/client_id").get_string());
  EXPECT_EQ(remove(path).status, 400);
  EXPECT_EQ(patch(path, R"({"name":"x"})").status, 400);
  EXPECT_EQ(post(path + "/rotate-secret", "").status, 400);
  const Reply with_page = patch(path, R"({"custom_login_page":"<p>Sign in</p>","custom_login_page_on":true})");
  EXPECT_EQ(with_page.status, 200) << "deploy-cli and Terraform keep a page there";
  EXPECT_EQ(with_page.at("/custom_login_page"), "<p>Sign in</p>");
  EXPECT_EQ(with_page.at("/global"), true);
  EXPECT_EQ(patch(path, R"({"custom_login_page_on":false,"name":"x"})").status, 400);
}

TEST_F(ClientsTest, ListsAreFiltered) {
  create(R"("app_type":"spa")");
  create(R"("app_type":"native","is_first_party":false)");
  create("");
  const auto total = [&](const std::string& query) { return get("/clients?include_totals=true&" + query).at("/total"); };
  EXPECT_EQ(total(""), 4);
  EXPECT_EQ(total("is_global=false"), 3);
  EXPECT_EQ(total("is_first_party=false"), 1);
  EXPECT_EQ(total("app_type=spa,native"), 2);
  EXPECT_EQ(total("external_client_id=https%3A%2F%2Fapp.example%2Fclient.json"), 0);
  EXPECT_EQ(get("/clients?fields=name&is_global=false").at("/0"),
            json::value(json::object{{"client_id", get("/clients?is_global=false").at("/0/client_id")}, {"name", "app"}}));
}

TEST_F(ClientsTest, WritesAndReadsOfSecretsAreLogged) {
  const std::string id = create("").id("client_id");
  send({"GET", "/clients/" + id, "", token_with({"read:clients"}), {}});
  get("/clients/" + id + "?fields=name");
  get("/clients/" + id);
  get("/clients?is_global=true");
  get("/clients");
  patch("/clients/" + id, R"({"name":"x"})");
  post("/clients/" + id + "/rotate-secret", "");
  remove("/clients/" + id);
  remove("/clients/" + id);
  EXPECT_THAT(logged(),
              testing::ElementsAre("sapi: Create a client", "mgmt_api_read: Read a client secret",
                                   "mgmt_api_read: Read client secrets", "sapi: Update a client",
                                   "mgmt_api_read: Read a client secret", "sapi: Rotate a client secret",
                                   "sapi: Delete a client"));
}

}  // namespace
}  // namespace symbolon::management
