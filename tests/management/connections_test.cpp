#include "management/connections_test.h"
#include "store/connection_store.h"

// /api/v2/connections (management-api §2.1–§2.4, §9 checks 1–3, 6).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

// The bodies as the source documents print them, with a provider's name filled in, sent as curl sends --data.
TEST_F(ConnectionsTest, TheFourPrintedRequestsWork) {
  const struct {
    const char* name;
    const char* body;
    const char *type, *status;
  } kRows[] = {
      {"front", R"({ "strategy": "oidc", "name": "front", "options": { "type": "front_channel", "discovery_url": "https://idp.example.com/.well-known/openid-configuration", "client_id" : "IDP_CLIENT_ID",  "scopes": "openid profile" } })",
       "front_channel", "ok"},
      {"back", R"({ "strategy": "oidc", "name": "back", "options": { "type": "back_channel", "discovery_url": "https://idp.example.com/.well-known/openid-configuration", "client_id" : "IDP_CLIENT_ID", "client_secret" : "IDP_CLIENT_SECRET", "scopes": "openid profile" } })",
       "back_channel", "ok"},
      {"manual-back", R"({ "strategy": "oidc", "name": "manual-back", "options": { "type": "back_channel", "issuer": "https://silent.example.com", "authorization_endpoint": "https://silent.example.com/authorize", "client_secret" : "IDP_CLIENT_SECRET", "client_id" : "IDP_CLIENT_ID",  "scopes": "openid profile" } })",
       "back_channel", "incomplete"},
      {"manual-front", R"({ "strategy": "oidc", "name": "manual-front", "options": { "type": "front_channel", "issuer": "https://silent.example.com", "authorization_endpoint": "https://silent.example.com/authorize", "token_endpoint": "https://silent.example.com/oauth/token", "client_id" : "IDP_CLIENT_ID",  "scopes": "openid profile" } })",
       "front_channel", "incomplete"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    http::Headers headers;
    headers.set("Authorization", "Bearer " + full_token().text());
    headers.set("Content-Type", "application/x-www-form-urlencoded");
    const Reply made = send_raw("POST", "/connections", row.body, headers);
    ASSERT_EQ(made.status, 201);
    EXPECT_EQ(made.at("/options/type"), row.type);
    EXPECT_EQ(made.at("/options/scope"), "openid profile");
    EXPECT_EQ(made.at("/options/scopes"), "openid profile");
    EXPECT_EQ(get("/connections/" + made.id()).body, made.body);
    EXPECT_EQ(get("/connections/" + made.id() + "/status").at("/status"), row.status);
    const Reply again = send_raw("POST", "/connections", row.body, headers);
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.at("/errorCode"), "connection_conflict");
    EXPECT_EQ(again.message(), "A connection with the same name already exists");
  }
}

TEST_F(ConnectionsTest, ANewConnectionIsShownWhole) {
  const Reply made = create("corp-oidc", R"({"type":"back_channel","discovery_url":"https://idp.example.com","client_id":"abc",)"
                                         R"("client_secret":"s3cr3t","scopes":"openid profile"})");
  ASSERT_EQ(made.status, 201);
  EXPECT_THAT(made.id(), testing::MatchesRegex("con_[A-Za-z0-9]{16}"));
  json::object metadata = provider_document();
  for (const char* name : {"claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported",
                           "require_request_uri_registration"})
    metadata[name] = false;
  const json::object want{
      {"id", made.id()},
      {"name", "corp-oidc"},
      {"display_name", "corp-oidc"},
      {"strategy", "oidc"},
      {"realms", json::array{"corp-oidc"}},
      {"is_domain_connection", false},
      {"show_as_button", false},
      {"authentication", {{"active", true}}},
      {"connected_accounts", {{"active", false}}},
      {"enabled_clients", json::array{}},
      {"options",
       {{"type", "back_channel"},
        {"discovery_url", "https://idp.example.com"},
        {"client_id", "abc"},
        {"client_secret", "s3cr3t"},
        {"scope", "openid profile"},
        {"scopes", "openid profile"},
        {"issuer", kIssuer},
        {"authorization_endpoint", std::string(kIssuer) + "/authorize"},
        {"token_endpoint", std::string(kIssuer) + "/token"},
        {"userinfo_endpoint", std::string(kIssuer) + "/userinfo"},
        {"jwks_uri", std::string(kIssuer) + "/jwks"},
        {"oidc_metadata", metadata},
        {"connection_settings", {{"pkce", "auto"}}},
        {"attribute_map", {{"mapping_mode", "bind_all"}}},
        {"schema_version", "oidc-V4"}}}};
  EXPECT_EQ(made.body, json::value(want)) << made.text;
  EXPECT_EQ(provider_.count(kDiscoveryUrl), 1);
}

TEST_F(ConnectionsTest, TopLevelMembersAreKept) {
  const std::string client = make_client("app");
  const Reply made = create("whole", explicit_options(),
                            R"(,"display_name":"Corp","is_domain_connection":true,"show_as_button":true,"realms":["corp"],)"
                            R"("metadata":{"a":"1","gone":null},"authentication":{"active":false},)"
                            R"("connected_accounts":{"active":true,"cross_app_access":true},"enabled_clients":[")" +
                                client + R"("])");
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.at("/display_name"), "Corp");
  EXPECT_EQ(made.at("/is_domain_connection"), true);
  EXPECT_EQ(made.at("/show_as_button"), true);
  EXPECT_EQ(made.at("/realms"), json::value(json::array{"corp"}));
  EXPECT_EQ(made.at("/metadata"), json::value(json::object{{"a", "1"}}));
  EXPECT_EQ(made.at("/authentication/active"), false);
  EXPECT_EQ(made.at("/connected_accounts/cross_app_access"), true);
  EXPECT_EQ(made.at("/enabled_clients"), json::value(json::array{client}));

  const Reply changed = patch("/connections/" + made.id(),
                              R"({"metadata":{"b":"2"},"realms":[],"enabled_clients":[],"show_as_button":false})");
  ASSERT_EQ(changed.status, 200);
  EXPECT_EQ(changed.at("/metadata"), json::value(json::object{{"b", "2"}}));
  EXPECT_EQ(changed.at("/realms"), json::value(json::array{"whole"}));
  EXPECT_EQ(changed.at("/enabled_clients"), json::value(json::array{}));
  EXPECT_EQ(changed.at("/display_name"), "Corp");
  EXPECT_EQ(changed.at("/is_domain_connection"), true);
  EXPECT_EQ(changed.at("/options"), made.at("/options"));
  EXPECT_EQ(patch("/connections/" + made.id(), R"({"enabled_clients":null,"options":null})").at("/options"),
            made.at("/options"));
}

TEST_F(ConnectionsTest, AMistakeIsNamed) {
  const std::string good = explicit_options();
  const struct {
    const char* name;
    std::string body;
    const char* message;
  } kRows[] = {
      {"no name", R"({"strategy":"oidc"})", "Payload validation error: 'Missing required property: name'."},
      {"no strategy", R"({"name":"x"})", "Payload validation error: 'Missing required property: strategy'."},
      {"unknown members", R"({"strategy":"oidc","name":"x","one":1,"two":2})",
       "Payload validation error: 'Additional properties not allowed: one,two'."},
      {"bad name", R"({"strategy":"oidc","name":"a_b"})",
       "Payload validation error: 'Object didn't pass validation for format connection-name: a_b' on property name "
       "(The name of the connection)."},
      {"unknown strategy", R"({"strategy":"nonsense","name":"x"})",
       "Payload validation error: 'No enum match for: \"nonsense\"' on property strategy (The identity provider's kind)."},
      {"strategy of others", R"({"strategy":"samlp","name":"x"})", "Strategy samlp is not supported by this server"},
      {"no client_id", R"({"strategy":"oidc","name":"x","options":{}})", "options.client_id is required"},
      {"no options", R"({"strategy":"oidc","name":"x"})", "options.client_id is required"},
      {"options no object", R"({"strategy":"oidc","name":"x","options":"x"})",
       "Payload validation error: 'Expected type object but found type string' on property options (Options of the "
       "strategy; members that the server does not act on are kept and returned)."},
      {"wrong type inside", R"({"strategy":"oidc","name":"x","options":{"client_id":1}})",
       "Payload validation error: 'Expected type string but found type integer' on property options.client_id."},
      {"unknown client", R"({"strategy":"oidc","name":"x","enabled_clients":["nobody"],"options":)" + good + "}",
       "Payload validation error: 'The client does not exist: nobody' on property enabled_clients."},
      {"too much metadata",
       R"({"strategy":"oidc","name":"x","metadata":{"1":"","2":"","3":"","4":"","5":"","6":"","7":"","8":"","9":"","a":"","b":""}})",
       "Payload validation error: 'Too many properties defined (11), maximum 10' on property metadata."},
      {"long secret",
       R"({"strategy":"oidc","name":"x","options":)" +
           explicit_options(R"("client_secret":")" + std::string(701, 'x') + "\"") + "}",
       "Payload validation error: 'String is too long (701 chars), maximum 700' on property options.client_secret."},
      {"long client of oauth2",
       R"({"strategy":"oauth2","name":"x","options":{"client_id":")" + std::string(129, 'x') + R"("}})",
       "Payload validation error: 'String is too long (129 chars), maximum 128' on property options.client_id."},
      {"bound tokens in a vault",
       R"({"strategy":"oidc","name":"x","connected_accounts":{"active":true},"options":)" +
           explicit_options(R"("dpop_signing_alg":"ES256")") + "}",
       "Payload validation error: 'dpop_signing_alg cannot be used together with connected_accounts' on property "
       "options.dpop_signing_alg."},
      {"scripts of others", R"({"strategy":"oauth2","name":"x","options":{"client_id":"a","scripts":{"evil":"x"}}})",
       "Payload validation error: 'Additional properties not allowed: evil' on property options.scripts."},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const Reply reply = post("/connections", row.body);
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.message(), row.message);
  }
  EXPECT_EQ(get("/connections").body, json::value(json::array{})) << "something was half made";
}

TEST_F(ConnectionsTest, NamesAndRealmsAreTakenOnce) {
  make_connection("Corp");
  EXPECT_EQ(create("corp", explicit_options()).status, 409);
  EXPECT_EQ(create("other", explicit_options(), R"(,"realms":["Corp"])").status, 409);
  const std::string other = make_connection("other");
  const Reply renamed = patch("/connections/" + other, R"({"realms":["Corp"]})");
  EXPECT_EQ(renamed.status, 409);
  EXPECT_EQ(renamed.at("/errorCode"), "connection_conflict");
  EXPECT_EQ(patch("/connections/" + other, R"({"realms":["other","mine"]})").status, 200);
}

TEST_F(ConnectionsTest, NameAndStrategyNeverChange) {
  const std::string id = make_connection("fixed");
  for (const auto& [body, text] : std::vector<std::pair<std::string, std::string>>{
           {R"({"name":"x"})", "name"},
           {R"({"strategy":"okta","name":"x"})", "strategy,name"},
           {R"({"id":"con_x"})", "id"},
           {R"({"display_name":"fine","provisioning_ticket_url":"x"})", "provisioning_ticket_url"}}) {
    const Reply reply = patch("/connections/" + id, body);
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.at("/errorCode"), "invalid_body");
    EXPECT_EQ(reply.message(), "Payload validation error: 'Additional properties not allowed: " + text + "'.");
  }
  EXPECT_EQ(patch("/connections/" + id, "{}").message(),
            "Payload validation error: 'Too few properties defined (0), minimum 1'.");
}

TEST_F(ConnectionsTest, OptionsAreReplacedAsAWhole) {
  const std::string id = create("replaced", explicit_options(R"("icon_url":"https://a.example/i.png","ext_note":{"a":[1,null]})")).id();
  EXPECT_EQ(get("/connections/" + id).at("/options/ext_note"), json::parse(R"({"a":[1,null]})"));
  const Reply changed = patch("/connections/" + id, R"({"options":{"client_id":"x"}})");
  ASSERT_EQ(changed.status, 200);
  EXPECT_EQ(changed.at("/strategy"), "oidc");
  EXPECT_FALSE(changed.has("/options/icon_url"));
  EXPECT_FALSE(changed.has("/options/ext_note"));
  EXPECT_EQ(changed.at("/options/schema_version"), "oidc-V4");
  EXPECT_EQ(changed.at("/options/connection_settings/pkce"), "auto");
  EXPECT_EQ(get("/connections/" + id + "/status").at("/status"), "incomplete");
}

TEST_F(ConnectionsTest, WhatWasReadMayBeSentBack) {
  const std::string id = create("round", R"({"discovery_url":"https://idp.example.com","client_id":"abc","client_secret":"s"})").id();
  const json::value options = get("/connections/" + id).at("/options");
  const Reply back = patch("/connections/" + id, json::serialize(json::object{{"options", options}}));
  ASSERT_EQ(back.status, 200) << back.text;
  EXPECT_EQ(back.at("/options"), options);
  const auto stored = read([&](db::Transaction& tx) { return store::ConnectionStore(tx, kTenant).find(ConnectionId(id)); });
  EXPECT_FALSE(stored->metadata_pinned) << "a document that was only sent back is still the provider's";
  EXPECT_NE(stored->metadata_fetched_at, Instant{});
}

TEST_F(ConnectionsTest, AreFoundByNameAndStrategy) {
  make_connection("one");
  make_connection("Two");
  EXPECT_EQ(get("/connections?name=Two&take=1&include_fields=true&include_totals=true").at("/connections/0/name"), "Two");
  EXPECT_EQ(get("/connections?name=two").body, json::value(json::array{}));
  EXPECT_EQ(get("/connections?strategy=oidc&strategy=okta").body.get_array().size(), 2U);
  EXPECT_EQ(get("/connections?strategy=auth0").body, json::value(json::array{}));
}

TEST_F(ConnectionsTest, FieldsAreChosen) {
  const std::string id = make_connection("fields");
  const auto names = [&](const std::string& query) {
    std::vector<std::string> found;
    for (const auto& member : get("/connections/" + id + query).body.get_object()) found.emplace_back(member.key());
    return found;
  };
  using testing::UnorderedElementsAre;
  EXPECT_THAT(names("?fields=strategy,name&include_fields=true"), UnorderedElementsAre("id", "strategy", "name"));
  EXPECT_THAT(names("?fields=name,nonsense"), UnorderedElementsAre("id", "name"));
  EXPECT_THAT(names("?fields=options.client_id"), UnorderedElementsAre("id", "options"));
  EXPECT_THAT(names("?fields=options,realms,id&include_fields=false"),
              UnorderedElementsAre("id", "strategy", "name", "display_name", "is_domain_connection", "show_as_button",
                                   "authentication", "connected_accounts", "enabled_clients"));
  EXPECT_EQ(names("?include_fields=false").size(), names("").size());
}

TEST_F(ConnectionsTest, OauthConnectionsAreNoButtonsAndHaveNoDefaultLabel) {
  const Reply made =
      post("/connections", R"({"strategy":"oauth2","name":"generic","options":{"client_id":"a","client_secret":"s",)"
                           R"("authorizationURL":"https://idp.example.com/a","tokenURL":"https://idp.example.com/t",)"
                           R"("userinfo_url":"https://idp.example.com/me","scope":["a","b"]}})");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_FALSE(made.has("/show_as_button"));
  EXPECT_FALSE(made.has("/display_name"));
  EXPECT_FALSE(made.has("/options/attribute_map"));
  EXPECT_EQ(made.at("/options/scope"), json::parse(R"(["a","b"])"));
}

TEST_F(ConnectionsTest, AnEmptyLabelIsTheName) {
  const std::string id = secret_connection("corp");
  EXPECT_EQ(patch("/connections/" + id, R"({"display_name":"Corp"})").at("/display_name"), "Corp");
  EXPECT_EQ(patch("/connections/" + id, R"({"display_name":""})").at("/display_name"), "corp");
}

TEST_F(ConnectionsTest, CrossAppAccessHasItsFormAndIsNothingForOauth) {
  const auto is_refused = [](const Reply& reply) {
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.at("/errorCode"), "operation_not_supported");
    EXPECT_EQ(reply.message(), "Cross App Access Requesting App is not supported for this connection.");
  };
  const std::string generic = R"({"strategy":"oauth2","name":"generic","options":{"client_id":"a"})";
  is_refused(post("/connections", generic + R"(,"cross_app_access_requesting_app":{"active":true}})"));
  const std::string id = post("/connections", generic + "}").id();
  is_refused(patch("/connections/" + id, R"({"cross_app_access_requesting_app":{"active":false}})"));
  EXPECT_EQ(patch("/connections/" + id, R"({"cross_app_access_requesting_app":null})").status, 200);

  const std::string path =
      "/connections/" + create("corp", explicit_options(),
                               R"(,"cross_app_access_requesting_app":{"active":true},"cross_app_access_resource_app":{"status":"enabled"})").id();
  EXPECT_EQ(get(path).at("/cross_app_access_requesting_app/active"), true);
  EXPECT_FALSE(patch(path, R"({"cross_app_access_resource_app":null})").has("/cross_app_access_resource_app"));
  for (const char* bad : {R"({"cross_app_access_resource_app":{"status":"odd"}})", R"({"cross_app_access_resource_app":{}})",
                          R"({"cross_app_access_requesting_app":{"foo":1}})"})
    EXPECT_EQ(patch(path, bad).status, 400) << bad;
}

TEST_F(ConnectionsTest, EveryWriteIsLoggedWithoutValues) {
  const std::string id = secret_connection();
  patch("/connections/" + id, R"({"display_name":"x"})");
  remove("/connections/" + id);
  remove("/connections/" + id);
  EXPECT_THAT(logged(), testing::ElementsAre("sapi: Create a connection", "sapi: Update a connection",
                                             "mgmt_api_read: Read a connection secret", "sapi: Delete a connection"));
}

TEST_F(ConnectionsTest, ARefusedWriteIsNotLogged) {
  make_connection("once");
  const auto before = logged();
  create("once", explicit_options());
  EXPECT_EQ(logged(), before);
}

TEST_F(ConnectionsTest, AWriteThatIsOvertakenIsRepeatedOnTheNewRecord) {
  const std::string id = create("raced", R"({"discovery_url":"https://idp.example.com","client_id":"abc"})").id();
  int calls = 0;
  provider_.on(kDiscoveryUrl, [&](const http::OutboundRequest&) {
    // While the provider is asked, somebody else changes the connection.
    if (++calls == 1)
      write([&](db::Transaction& tx) {
        store::ConnectionStore connections(tx, kTenant);
        auto connection = connections.find(ConnectionId(id));
        connection->display_name = "from elsewhere";
        connections.update(*connection, connection->version);
      });
    return FakeHttpClient::response(200, json::serialize(provider_document()));
  });
  const Reply reply = patch("/connections/" + id, R"({"options":{"discovery_url":"https://idp.example.com","client_id":"new"}})");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(reply.at("/display_name"), "from elsewhere");
  EXPECT_EQ(reply.at("/options/client_id"), "new");
}

TEST_F(ConnectionsTest, AWriteWithIfMatchThatIsOvertakenIsRefused) {
  const Reply made = create("raced", R"({"discovery_url":"https://idp.example.com","client_id":"abc"})");
  provider_.on(kDiscoveryUrl, [&](const http::OutboundRequest&) {
    write([&](db::Transaction& tx) {
      store::ConnectionStore connections(tx, kTenant);
      const auto connection = connections.find(ConnectionId(made.id()));
      connections.update(*connection, connection->version);
    });
    return FakeHttpClient::response(200, json::serialize(provider_document()));
  });
  http::Headers headers;
  headers.set("If-Match", std::string(made.headers.get("ETag")));
  EXPECT_EQ(send({"PATCH", "/connections/" + made.id(),
                  R"({"options":{"discovery_url":"https://idp.example.com","client_id":"new"}})", full_token(), headers})
                .status,
            412);
}

TEST_F(ConnectionsTest, AConnectionThatIsDeletedMeanwhileIsGone) {
  const std::string id = create("gone", R"({"discovery_url":"https://idp.example.com","client_id":"abc"})").id();
  provider_.on(kDiscoveryUrl, [&](const http::OutboundRequest&) {
    write([&](db::Transaction& tx) { store::ConnectionStore(tx, kTenant).remove(ConnectionId(id)); });
    return FakeHttpClient::response(200, json::serialize(provider_document()));
  });
  EXPECT_EQ(patch("/connections/" + id, R"({"options":{"discovery_url":"https://idp.example.com","client_id":"new"}})").status,
            404);
}

}  // namespace
}  // namespace symbolon::management
