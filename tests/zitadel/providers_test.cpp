#include "base/text.h"
#include "management/connection_document.h"
#include "store/connection_store.h"
#include "store/user_store.h"
#include "zitadel/providers_test.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;

TEST_F(Providers, TheSeedsBodyMakesOne) {
  const Reply reply = post("/admin/v1/idps/oauth", seed_body());
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.at("/id").size(), 18u);
  EXPECT_EQ(reply.at("/id").find_first_not_of("0123456789"), std::string::npos);
  EXPECT_EQ(reply.at("/details/sequence"), "1");
  EXPECT_EQ(reply.at("/details/creationDate"), "2027-01-15T08:00:00.000000Z");
  EXPECT_EQ(reply.at("/details/resourceOwner").size(), 18u);
  EXPECT_FALSE(reply.has("/details/changeDate"));
  EXPECT_EQ(reply.headers.get("Content-Type"), "application/json");
}

TEST_F(Providers, IsShownInFullWithoutItsSecret) {
  const std::string id = make_provider();
  const Reply reply = get("/admin/v1/idps/templates/" + id);
  ASSERT_EQ(reply.status, 200) << reply.text;
  const json::value want = json::parse(R"({
    "state": "IDP_STATE_ACTIVE", "name": "My Provider", "owner": "IDP_OWNER_TYPE_SYSTEM",
    "type": "PROVIDER_TYPE_OAUTH",
    "config": {
      "options": {"isLinkingAllowed": true, "isCreationAllowed": true, "isAutoCreation": true, "isAutoUpdate": true},
      "oauth": {
        "clientId": "client-id", "authorizationEndpoint": "https://accounts.google.com/o/oauth2/v2/auth",
        "tokenEndpoint": "https://oauth2.googleapis.com/token",
        "userEndpoint": "https://openidconnect.googleapis.com/v1/userinfo",
        "scopes": ["openid", "profile", "email"], "idAttribute": "user_id", "usePkce": true}}})");
  json::object got = reply.body.at("idp").get_object();
  EXPECT_EQ(got.at("id"), json::value(id));
  EXPECT_EQ(got.at("details").get_object().size(), 4u);
  got.erase("id");
  got.erase("details");
  EXPECT_EQ(json::value(got), want) << reply.text;
  EXPECT_FALSE(reply.text.contains("client-secret"));
}

TEST_F(Providers, WhatIsOffIsLeftOut) {
  const std::string id = make_provider({{"providerOptions", nullptr}, {"usePkce", false}, {"scopes", nullptr}});
  const Reply reply = get("/admin/v1/idps/templates/" + id);
  EXPECT_EQ(reply.body.at("idp").at("config").at("options"), json::value(json::object()));
  EXPECT_FALSE(reply.has("/idp/config/oauth/usePkce"));
  EXPECT_FALSE(reply.has("/idp/config/oauth/scopes"));
}

TEST_F(Providers, TheSecretIsSealedAndUsable) {
  const auto connection = stored(make_provider());
  EXPECT_EQ(management::open_connection_secret(connection, box_), "client-secret");
  EXPECT_FALSE(connection.client_secret.bytes.contains("client-secret"));
  EXPECT_FALSE(connection.options.contains("client-secret"));
}

// One model, two vocabularies: what /api/v2 sees of it.
TEST_F(Providers, IsAConnectionOfTheOtherApi) {
  const auto connection = stored(make_provider());
  EXPECT_EQ(connection.upstream.strategy, model::Strategy::oauth2);
  EXPECT_EQ(connection.name, "idp-" + connection.zitadel_id);
  EXPECT_EQ(connection.display_name, "My Provider");
  EXPECT_EQ(connection.upstream.userinfo_endpoint, "https://openidconnect.googleapis.com/v1/userinfo");
  EXPECT_EQ(connection.upstream.subject_attribute, "user_id");
  EXPECT_EQ(connection.upstream.pkce, model::PkceMode::s256);
  EXPECT_FALSE(connection.upstream.connection_scope_with_commas);
  EXPECT_TRUE(connection.upstream.auth_method_detected);
  const json::value shown =
      json::parse(management::connection_text(connection, {}, box_, {}, management::FieldFilter()).text);
  EXPECT_EQ(shown.at("strategy"), json::value("oauth2"));
  EXPECT_EQ(shown.at("options").at("provider_options").at("isLinkingAllowed"), json::value(true));
}

struct Refusal {
  const char* name;
  const char* member;
  json::value value;
  const char* id;       ///< empty: a plain status
  const char* message;  ///< a part of it
};

TEST_F(Providers, RefusesABodyWithOneThingWrong) {
  const Refusal refusals[] = {
      {"blank name", "name", "   ", "INST-D32ef", "(INST-D32ef)"},
      {"no client id", "clientId", nullptr, "",
       "invalid AddGenericOAuthProviderRequest.ClientId: value length must be between 1 and 200 runes, inclusive"},
      {"blank client id", "clientId", " ", "INST-Dbgzf", ""},
      {"no secret in spite of PKCE", "clientSecret", nullptr, "",
       "invalid AddGenericOAuthProviderRequest.ClientSecret: value length must be between 1 and 1000 runes, inclusive"},
      {"blank secret", "clientSecret", "\t", "INST-DF4ga", ""},
      {"name of 201 letters", "name", json::value_from(std::string(201, 'x')), "",
       "invalid AddGenericOAuthProviderRequest.Name: value length must be between 1 and 200 runes, inclusive"},
      {"authorization endpoint of another scheme", "authorizationEndpoint", "ftp://idp.example/a", "INST-B23bs", ""},
      {"authorization endpoint in clear", "authorizationEndpoint", "http://idp.example/a", "INST-B23bs", ""},
      {"token endpoint with a user", "tokenEndpoint", "https://u:p@idp.example/t", "INST-D2gj8", ""},
      {"user endpoint with a fragment", "userEndpoint", "https://idp.example/u#x", "INST-Fb8jk", ""},
      {"blank id attribute", "idAttribute", " ", "INST-sdf3f", ""},
      {"unknown auto linking", "providerOptions", {{"autoLinking", "AUTO_LINKING_OPTION_PHONE"}}, "", "autoLinking"},
      {"auto linking beyond", "providerOptions", {{"autoLinking", 3}}, "", "autoLinking"},
      {"flag that is text", "usePkce", "yes", "", "usePkce"},
      {"name that is a number", "name", 12, "", "name"},
      {"scope with a blank", "scopes", json::array{"a b"}, "", "scope"},
      {"empty scope", "scopes", json::array{""}, "",
       "invalid AddGenericOAuthProviderRequest.Scopes[0]: value length must be between 1 and 100 runes, inclusive"},
      {"too many scopes", "scopes", json::value_from(std::vector<std::string>(21, "a")), "",
       "invalid AddGenericOAuthProviderRequest.Scopes: value must contain no more than 20 item(s)"},
  };
  for (const Refusal& row : refusals) {
    SCOPED_TRACE(row.name);
    const Reply reply = post("/admin/v1/idps/oauth", spoiled(row.member, row.value));
    EXPECT_EQ(reply.status, 400) << reply.text;
    EXPECT_EQ(reply.at("/code"), "3");
    EXPECT_EQ(reply.error_id(), row.id);
    EXPECT_EQ(reply.has("/details"), *row.id != '\0');
    EXPECT_TRUE(reply.at("/message").contains(row.message)) << reply.text;
  }
  EXPECT_FALSE(get("/admin/v1/idps/templates/1").has("/idp"));
}

TEST_F(Providers, CountsCodePointsAndNotBytes) {
  std::string name;
  for (int i = 0; i < 200; ++i) name += "é";
  EXPECT_EQ(post("/admin/v1/idps/oauth", spoiled("name", json::value_from(name))).status, 200);
}

TEST_F(Providers, ReportsTheFirstFieldByNumber) {
  json::value body = json::parse(seed_body());
  for (const char* member : {"tokenEndpoint", "clientId", "idAttribute"}) body.get_object().erase(member);
  const Reply reply = post("/admin/v1/idps/oauth", json::serialize(body));
  EXPECT_TRUE(reply.at("/message").contains("ClientId")) << reply.text;
  EXPECT_TRUE(post("/admin/v1/idps/oauth", "").at("/message").contains("AddGenericOAuthProviderRequest.Name"));
}

TEST_F(Providers, ReadsTheOtherSpellingsOfProtobufJson) {
  const Reply reply = post("/admin/v1/idps/oauth", R"({"name":"n","client_id":"c","client_secret":"s",
    "authorization_endpoint":"https://i.example/a","token_endpoint":"https://i.example/t",
    "user_endpoint":"https://i.example/u","id_attribute":"id","scopes":null,"unknown":{"x":1},
    "provider_options":{"auto_linking":2,"is_auto_creation":true}})");
  ASSERT_EQ(reply.status, 200) << reply.text;
  const Reply shown = get("/admin/v1/idps/templates/" + reply.at("/id"));
  EXPECT_EQ(shown.at("/idp/config/options/autoLinking"), "AUTO_LINKING_OPTION_EMAIL");
  EXPECT_EQ(shown.at("/idp/config/options/isAutoCreation"), "true");
}

TEST_F(Providers, RefusesWhatIsNoMessage) {
  for (const char* body : {"[]", "{", R"({"name":"a","name":"b"})", R"({"clientId":"a","client_id":"b"})"}) {
    SCOPED_TRACE(body);
    EXPECT_EQ(post("/admin/v1/idps/oauth", body).status, 400);
  }
}

TEST_F(Providers, GoToTheProviderAsZitadelDoes) {
  const std::string id = make_provider();
  const model::Connection made = stored(id);
  EXPECT_EQ(made.upstream.callback_path, model::CallbackPath::zitadel_login);
  EXPECT_TRUE(made.upstream.select_account);
  EXPECT_EQ(json::parse(made.options).at("callback_path"), "/ui/login/login/externalidp/callback");
  EXPECT_EQ(json::parse(made.options).at("send_prompt"), true);
}

// One that was made before keeps the address that is registered, and so does one that was given another.
TEST_F(Providers, PutKeepsHowTheProviderIsAsked) {
  const json::object given[] = {{}, {{"callback_path", "/idps/callback"}, {"send_prompt", false}}};
  for (const json::object& choice : given) {
    const std::string id = make_provider();
    write([&](db::Transaction& tx) {
      store::ConnectionStore connections(tx, kTenant);
      auto connection = connections.find_by_zitadel_id(id).value();
      json::object options = json::parse(connection.options).as_object();
      options.erase("callback_path");
      options.erase("send_prompt");
      for (const auto& member : choice) options[member.key()] = member.value();
      connection.options = json::serialize(options);
      connection.upstream.callback_path = model::CallbackPath::own;
      connection.upstream.select_account = false;
      connections.update(connection, connection.version);
    });
    json::value body = json::parse(without("clientSecret"));
    body.get_object()["name"] = "Renamed";
    ASSERT_EQ(put("/admin/v1/idps/oauth/" + id, json::serialize(body)).status, 200);
    EXPECT_EQ(stored(id).upstream.callback_path,
              choice.empty() ? model::CallbackPath::own : model::CallbackPath::zitadel_idps);
    EXPECT_FALSE(stored(id).upstream.select_account);
  }
}

TEST_F(Providers, PutReplacesEverythingAndKeepsTheSecret) {
  const std::string id = make_provider();
  json::value body = json::parse(without("clientSecret"));
  body.get_object().erase("providerOptions");
  body.get_object()["name"] = "Renamed";
  body.get_object()["id"] = "ignored";
  clock_.advance(std::chrono::seconds(5));
  const Reply reply = put("/admin/v1/idps/oauth/" + id, json::serialize(body));
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.at("/details/sequence"), "2");
  EXPECT_EQ(reply.at("/details/changeDate"), "2027-01-15T08:00:05.000000Z");
  EXPECT_FALSE(reply.has("/details/creationDate"));
  const Reply shown = get("/admin/v1/idps/templates/" + id);
  EXPECT_EQ(shown.at("/idp/name"), "Renamed");
  EXPECT_EQ(shown.body.at("idp").at("config").at("options"), json::value(json::object()));
  EXPECT_EQ(management::open_connection_secret(stored(id), box_), "client-secret");
}

TEST_F(Providers, PutOfTheSameChangesNothing) {
  const std::string id = make_provider();
  const Reply same = put("/admin/v1/idps/oauth/" + id, without("clientSecret"));
  EXPECT_EQ(same.text, R"({"details":{}})");
  EXPECT_EQ(get("/admin/v1/idps/templates/" + id).at("/idp/details/sequence"), "1");
  const Reply secret = put("/admin/v1/idps/oauth/" + id, seed_body());
  EXPECT_EQ(secret.at("/details/sequence"), "2") << "a secret that is sent counts as a change";
}

TEST_F(Providers, ABlankSecretInAPutIsNone) {
  const std::string id = make_provider();
  EXPECT_EQ(put("/admin/v1/idps/oauth/" + id, spoiled("clientSecret", "  ")).text, R"({"details":{}})");
  EXPECT_EQ(management::open_connection_secret(stored(id), box_), "client-secret");
}

// T12: a secret is not sent to a place that was named without it.
TEST_F(Providers, T12AChangedEndpointNeedsTheSecretAgain) {
  const std::string id = make_provider();
  json::value body = json::parse(without("clientSecret"));
  body.get_object()["tokenEndpoint"] = "https://evil.example/token";
  EXPECT_EQ(put("/admin/v1/idps/oauth/" + id, json::serialize(body)).status, 400);
  EXPECT_EQ(stored(id).upstream.token_endpoint, "https://oauth2.googleapis.com/token");
  body.get_object()["clientSecret"] = "new-secret";
  EXPECT_EQ(put("/admin/v1/idps/oauth/" + id, json::serialize(body)).status, 200);
  EXPECT_EQ(management::open_connection_secret(stored(id), box_), "new-secret");
}

TEST_F(Providers, PutLeavesWhatOnlyTheOtherApiCanSay) {
  const std::string id = make_provider();
  write([&](db::Transaction& tx) {
    store::ConnectionStore connections(tx, kTenant);
    auto connection = connections.find_by_zitadel_id(id).value();
    json::value options = json::parse(connection.options);
    options.get_object()["icon_url"] = "https://i.example/icon.png";
    options.get_object()["provider_options"].get_object()["trust_email"] = true;
    connection.options = json::serialize(options);
    connections.update(connection, connection.version);
  });
  json::value body = json::parse(without("clientSecret"));
  body.get_object()["name"] = "Renamed";
  ASSERT_EQ(put("/admin/v1/idps/oauth/" + id, json::serialize(body)).status, 200);
  const auto connection = stored(id);
  EXPECT_EQ(connection.icon_url, "https://i.example/icon.png");
  EXPECT_TRUE(connection.upstream.first_contact.trust_email);

  body = json::parse(seed_body());
  body.get_object()["tokenEndpoint"] = "https://another.example/token";
  ASSERT_EQ(put("/admin/v1/idps/oauth/" + id, json::serialize(body)).status, 200);
  EXPECT_FALSE(stored(id).upstream.first_contact.trust_email) << "the trust was in the provider that it was";
}

TEST_F(Providers, UnknownIdsAreNotFound) {
  const std::string id = make_provider();
  EXPECT_EQ(put("/admin/v1/idps/oauth/123456789012345678", seed_body()).error_id(), "INST-D3r1s");
  EXPECT_EQ(put("/admin/v1/idps/generic_oidc/" + id, R"({"name":"n","issuer":"https://i.example","clientId":"c"})")
                .error_id(),
            "INST-Dg331");
  EXPECT_EQ(get("/admin/v1/idps/templates/nobody").error_id(), "QUERY-SAFrt");
  EXPECT_EQ(remove("/admin/v1/idps/templates/nobody").error_id(), "INST-Se3tg");
  EXPECT_EQ(get("/admin/v1/idps/templates/nobody").at("/code"), "5");
  EXPECT_EQ(put("/admin/v1/idps/oauth/%20%20", seed_body()).error_id(), "INST-SAffg");
  EXPECT_EQ(put("/management/v1/idps/generic_oidc/%20", R"({"name":"n"})").error_id(), "ORG-SAfd3");
  EXPECT_EQ(get("/admin/v1/idps/templates/" + std::string(201, '1')).status, 400);
}

TEST_F(Providers, DeleteTakesLinksAndLeavesPeople) {
  const std::string id = make_provider();
  const auto connection = stored(id);
  write([&](db::Transaction& tx) {
    for (const char* name : {"only", "both"}) {
      model::User user;
      user.tenant = kTenant;
      user.id = UserId(name);
      user.profile = "{}";
      user.identities.push_back({connection.id, connection.name, "oauth2", name, "", clock_.now()});
      if (std::string(name) == "both")
        user.identities.push_back({ConnectionId("con_other"), "other", "oidc", name, "", clock_.now()});
      store::UserStore(tx, kTenant).insert(user);
    }
  });
  ASSERT_EQ(post("/admin/v1/policies/login/idps", R"({"idpId":")" + id + R"("})").status, 200);
  const Reply reply = remove("/admin/v1/idps/templates/" + id);
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_TRUE(reply.has("/details/changeDate"));
  EXPECT_EQ(remove("/admin/v1/idps/templates/" + id).status, 404) << "a second delete finds nothing";
  read([&](db::Transaction& tx) {
    store::UserStore users(tx, kTenant);
    EXPECT_TRUE(users.find(UserId("only"))->identities.empty());
    const auto both = users.find(UserId("both"));
    ASSERT_EQ(both->identities.size(), 1u);
    EXPECT_EQ(both->identities.front().connection_name, "other");
    EXPECT_EQ(tx.query_one("SELECT count(*) FROM login_policy_providers")->integer(0), 0);
    const auto told = tx.query("SELECT user_id, connection FROM log_events WHERE type = 'account_unlinked' ORDER BY 1", {});
    ASSERT_EQ(told.size(), 2u) << "one entry for each link";
    EXPECT_EQ(told[0].text(0), "both");
    EXPECT_EQ(told[1].text(0), "only");
    EXPECT_EQ(told[1].text(1), connection.name);
  });
  EXPECT_FALSE(post("/admin/v1/policies/login/idps/_search", "").has("/result"));
}

}  // namespace
}  // namespace symbolon::zitadel
