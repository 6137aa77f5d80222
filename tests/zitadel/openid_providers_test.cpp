#include "store/connection_store.h"
#include "zitadel/providers_test.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;

TEST_F(Providers, OpenIdConnectHasItsOwnMembers) {
  provider_.on("https://issuer.example/.well-known/openid-configuration", 200, R"({
    "issuer":"https://issuer.example","authorization_endpoint":"https://issuer.example/a",
    "token_endpoint":"https://issuer.example/t","jwks_uri":"https://issuer.example/k",
    "response_types_supported":["code"],"subject_types_supported":["public"],
    "id_token_signing_alg_values_supported":["RS256"]})");
  const std::string body = R"({"name":"Oidc","issuer":"https://issuer.example","clientId":"c","clientSecret":"s",
    "scopes":["openid","email"],"isIdTokenMapping":true,"usePkce":true,"providerOptions":{"isAutoCreation":true}})";
  const Reply made = post("/admin/v1/idps/generic_oidc", body);
  ASSERT_EQ(made.status, 200) << made.text;
  const Reply shown = get("/admin/v1/idps/templates/" + made.at("/id"));
  EXPECT_EQ(shown.at("/idp/type"), "PROVIDER_TYPE_OIDC");
  EXPECT_EQ(shown.body.at("idp").at("config").at("oidc"),
            json::parse(R"({"issuer":"https://issuer.example","clientId":"c","scopes":["openid","email"],
                            "isIdTokenMapping":true,"usePkce":true})"));
  const auto connection = stored(made.at("/id"));
  EXPECT_EQ(connection.upstream.token_endpoint, "https://issuer.example/t");
  EXPECT_TRUE(connection.upstream.missing.empty());
  EXPECT_EQ(put("/admin/v1/idps/generic_oidc/" + made.at("/id"),
                R"({"name":"Oidc","issuer":"https://issuer.example","clientId":"c","scopes":["openid","email"],
                    "isIdTokenMapping":true,"usePkce":true,"providerOptions":{"isAutoCreation":true}})")
                .text,
            R"({"details":{}})");
  EXPECT_EQ(post("/admin/v1/idps/generic_oidc", R"({"name":"n","issuer":" ","clientId":"c","clientSecret":"s"})").error_id(),
            "INST-Hz6zj");
  EXPECT_EQ(post("/admin/v1/idps/generic_oidc",
                 R"({"name":"n","issuer":"https://i.example/?q","clientId":"c","clientSecret":"s"})")
                .error_id(),
            "INST-Hz6zj");
}

// A client that compares what it sent with what it reads must find no difference (zitadel-idps §8.2).
TEST_F(Providers, OpenIdConnectShowsTheScopesThatWereSent) {
  for (const json::array& scopes : {json::array{"email", "profile"}, json::array{"email", "openid"}, json::array()}) {
    const json::object body{{"name", "n"},         {"issuer", "https://away.example"},
                            {"clientId", "c"},     {"clientSecret", "s"},
                            {"scopes", scopes},    {"isIdTokenMapping", scopes.size() == 2}};
    const std::string id = post("/admin/v1/idps/generic_oidc", json::serialize(body)).at("/id");
    const Reply shown = get("/admin/v1/idps/templates/" + id);
    const json::object& oidc = shown.body.at("idp").at("config").at("oidc").as_object();
    EXPECT_EQ(scopes.empty() ? json::value(json::array()) : oidc.at("scopes"), json::value(scopes));
    EXPECT_EQ(oidc.contains("scopes"), !scopes.empty());
    if (!scopes.empty()) EXPECT_TRUE(stored(id).upstream.scope.contains("openid"));
    EXPECT_EQ(stored(id).upstream.bind_userinfo, scopes.empty());
    json::object same = body;
    same.erase("clientSecret");
    EXPECT_EQ(put("/admin/v1/idps/generic_oidc/" + id, json::serialize(same)).text, R"({"details":{}})");
  }
}

TEST_F(Providers, OpenIdConnectWithoutPkceKeepsWhatTheOtherApiSays) {
  const auto body = [](bool pkce) {
    return R"({"name":"n","issuer":"https://away.example","clientId":"c","clientSecret":"s","usePkce":)" +
           std::string(pkce ? "true}" : "false}");
  };
  const std::string id = post("/admin/v1/idps/generic_oidc", body(false)).at("/id");
  EXPECT_EQ(stored(id).upstream.pkce, model::PkceMode::automatic);
  write([&](db::Transaction& tx) {
    store::ConnectionStore connections(tx, kTenant);
    auto connection = connections.find_by_zitadel_id(id).value();
    json::object options = json::parse(connection.options).as_object();
    options["connection_settings"] = json::object{{"pkce", "plain"}};
    connection.options = json::serialize(options);
    connections.update(connection, connection.version);
  });
  put("/admin/v1/idps/generic_oidc/" + id, body(false));
  EXPECT_EQ(stored(id).upstream.pkce, model::PkceMode::plain);
  put("/admin/v1/idps/generic_oidc/" + id, body(true));
  EXPECT_EQ(stored(id).upstream.pkce, model::PkceMode::s256);
  put("/admin/v1/idps/generic_oidc/" + id, body(false));
  EXPECT_EQ(stored(id).upstream.pkce, model::PkceMode::automatic);
}

TEST_F(Providers, T12AnotherIssuerNeedsTheSecretAgainAndForgetsTheOldEndpoints) {
  const auto body = [](const std::string& issuer, const std::string& secret) {
    return R"({"name":"n","clientId":"c","issuer":")" + issuer + R"(","clientSecret":")" + secret + R"("})";
  };
  for (const char* issuer : {"https://one.example", "https://two.example"})
    provider_.on(std::string(issuer) + "/.well-known/openid-configuration", 200,
                 json::serialize(json::object{{"issuer", issuer},
                                              {"authorization_endpoint", std::string(issuer) + "/a"},
                                              {"token_endpoint", std::string(issuer) + "/t"},
                                              {"jwks_uri", std::string(issuer) + "/k"},
                                              {"response_types_supported", json::array{"code"}},
                                              {"subject_types_supported", json::array{"public"}},
                                              {"id_token_signing_alg_values_supported", json::array{"RS256"}}}));
  const std::string id = post("/admin/v1/idps/generic_oidc", body("https://one.example", "s")).at("/id");
  EXPECT_EQ(put("/admin/v1/idps/generic_oidc/" + id, body("https://two.example", "")).status, 400);
  EXPECT_EQ(stored(id).upstream.token_endpoint, "https://one.example/t");
  EXPECT_EQ(put("/admin/v1/idps/generic_oidc/" + id, body("https://two.example", "s2")).status, 200);
  EXPECT_EQ(stored(id).upstream.token_endpoint, "https://two.example/t");
}

TEST_F(Providers, CanBeMadeWhileTheIssuerIsOutOfReach) {
  const Reply made = post("/admin/v1/idps/generic_oidc",
                          R"({"name":"n","issuer":"https://away.example","clientId":"c","clientSecret":"s"})");
  ASSERT_EQ(made.status, 200) << made.text;
  EXPECT_EQ(stored(made.at("/id")).status, model::ConnectionStatus::incomplete);
}

}  // namespace
}  // namespace symbolon::zitadel
