#include "management/connections_test.h"

// When a connection's secret and headers are kept, and who is shown them (threats T12).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

struct SecretRow {
  const char* name;
  std::string options;
  bool kept;
};

// Threats T12: a secret that only the server knows must not be sent to a place that somebody names later.
TEST_F(ConnectionsTest, T12AStoredSecretIsKeptOnlyWhileItGoesWhereItWent) {
  auto changed = [](const char* from, const char* to) {
    std::string text = explicit_options();
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::logic_error(from);
    return text.replace(at, std::string_view(from).size(), to);
  };
  const SecretRow kRows[] = {
      {"nothing", explicit_options(), true},
      {"scope", explicit_options(R"("scope":"openid email")"), true},
      {"issuer", changed(R"("issuer":"https://idp.example.com")", R"("issuer":"https://evil.example.com")"), false},
      {"token endpoint", changed("example.com/token", "example.com/other"), false},
      {"authorization endpoint", changed("example.com/authorize", "example.com/other"), false},
      {"keys", changed("example.com/jwks", "example.com/other"), false},
      {"client_id", changed(R"("client_id":"abc")", R"("client_id":"other")"), false},
      {"userinfo endpoint", explicit_options(R"("userinfo_endpoint":"https://evil.example.com/me")"), false},
      {"logout endpoint", explicit_options(R"("end_session_endpoint":"https://evil.example.com/out")"), false},
      {"discovery URL", explicit_options(R"("discovery_url":"https://idp.example.com")"), false},
      {"proxy", explicit_options(R"("egress":{"proxy":"http://evil.example.com:3128"})"), false},
      {"trust", explicit_options(R"("egress":{"ca_pem":"-----BEGIN CERTIFICATE-----"})"), false},
      {"metadata",
       [] {
         json::object document = provider_document();
         document["token_endpoint"] = "https://evil.example.com/token";
         return R"({"type":"back_channel","client_id":"abc","oidc_metadata":)" + json::serialize(document) + "}";
       }(),
       false},
  };
  for (const SecretRow& row : kRows) {
    SCOPED_TRACE(row.name);
    const std::string id = secret_connection();
    const Reply reply = patch("/connections/" + id, R"({"options":)" + row.options + "}");
    EXPECT_EQ(reply.status, row.kept ? 200 : 400) << reply.text;
    if (!row.kept) EXPECT_THAT(reply.message(), HasSubstr("Send options.client_secret again"));
    EXPECT_EQ(get("/connections/" + id).at("/options/client_secret"), "s3cr3t");
    remove("/connections/" + id);
  }
}

TEST_F(ConnectionsTest, ASecretStaysWhenTheSameDocumentIsNamedInAnotherWay) {
  const auto options = [](const std::string& url, const std::string& more = "") {
    return R"({"type":"back_channel","client_id":"abc","discovery_url":")" + url + "\"" + more + "}";
  };
  const std::string path = "/connections/" + create("corp", options(kDiscoveryUrl, R"(,"client_secret":"s3cr3t")")).id();
  for (const char* same : {kIssuer, "https://idp.example.com/", "idp.example.com", kDiscoveryUrl}) {
    const Reply reply = patch(path, R"({"options":)" + options(same) + "}");
    EXPECT_EQ(reply.status, 200) << same << ": " << reply.text;
    EXPECT_EQ(reply.at("/options/client_secret"), "s3cr3t");
    EXPECT_EQ(reply.at("/options/discovery_url"), same);
  }
}

TEST_F(ConnectionsTest, ASecretIsReplacedOrTakenAwayOnRequest) {
  const std::string id = secret_connection();
  const std::string moved = R"("token_endpoint":"https://idp.example.com/new")";
  std::string options = explicit_options(R"("client_secret":"newer")");
  EXPECT_EQ(patch("/connections/" + id, R"({"options":)" + options + "}").at("/options/client_secret"), "newer");
  EXPECT_EQ(patch("/connections/" + id, R"({"options":{"client_id":"x"}})").status, 400);
  for (const char* none : {"null", "\"\""}) {
    const Reply reply = patch("/connections/" + id, R"({"options":{"client_id":"x","client_secret":)" + std::string(none) + "}}");
    EXPECT_EQ(reply.status, 200);
    EXPECT_FALSE(reply.has("/options/client_secret"));
  }
  EXPECT_FALSE(get("/connections/" + id).has("/options/client_secret"));
}

// customHeaders of the token request hold API keys: the same rules as for the client secret.
TEST_F(ConnectionsTest, T12HeadersAreKeptOnlyWhileTheyGoWhereTheyWent) {
  const auto options = [](const std::string& token_url, const std::string& more = "") {
    return R"({"options":{"client_id":"c","authorizationURL":"https://idp.example.com/a","tokenURL":")" + token_url + "\"" +
           more + "}}";
  };
  const std::string here = "https://idp.example.com/t";
  const std::string elsewhere = "https://evil.example.com/t";
  json::object body = json::parse(options(here, R"(,"customHeaders":{"X-Key":"k","Y":"2"})")).as_object();
  body["strategy"] = "oauth2";
  body["name"] = "generic";
  const Reply made = post("/connections", json::serialize(body));
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.at("/options/customHeaders"), json::parse(R"({"X-Key":"k","Y":"2"})"));

  const std::string path = "/connections/" + made.id();
  EXPECT_EQ(patch(path, options(here)).at("/options/customHeaders/X-Key"), "k") << "absent: kept";
  const Reply refused = patch(path, options(elsewhere));
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.message(), HasSubstr("Send options.customHeaders again"));
  EXPECT_EQ(get(path).at("/options/tokenURL"), here);
  const Reply moved = patch(path, options(elsewhere, R"(,"customHeaders":{"Z":"3"})"));
  EXPECT_EQ(moved.at("/options/customHeaders"), json::parse(R"({"Z":"3"})"));
  EXPECT_EQ(patch(path, options(elsewhere, R"(,"customHeaders":{"Host":"x"})")).status, 400);
  EXPECT_FALSE(patch(path, options(elsewhere, R"(,"customHeaders":null)")).has("/options/customHeaders"));
  EXPECT_EQ(patch(path, options(here)).status, 200) << "nothing is left that could go astray";
  EXPECT_FALSE(get(path).has("/options/customHeaders"));
}

TEST_F(ConnectionsTest, ChangesThatAreNotAboutOptionsKeepTheSecret) {
  const std::string id = secret_connection();
  EXPECT_EQ(patch("/connections/" + id, R"({"display_name":"x"})").at("/options/client_secret"), "s3cr3t");
}

TEST_F(ConnectionsTest, OptionsNeedTheirOwnScopesWhenTheTenantSaysSo) {
  const std::string id = secret_connection();
  const Token plain = token_with({"read:connections", "update:connections", "create:connections"});
  const auto read_as = [&](const Token& token) { return send({"GET", "/connections/" + id, "", token, {}}); };
  EXPECT_TRUE(read_as(plain).has("/options/client_id")) << "the toggle is permissive at first";
  EXPECT_FALSE(read_as(plain).has("/options/client_secret"));

  change_tenant(R"({"allow_connections_management_without_options_scopes":false})");
  EXPECT_FALSE(read_as(plain).has("/options"));
  EXPECT_TRUE(read_as(token_with({"read:connections", "read:connections_options"})).has("/options/client_secret"));
  EXPECT_FALSE(send({"GET", "/connections?take=10", "", plain, {}}).has("/connections/0/options"));
  const Reply renamed = send({"PATCH", "/connections/" + id, R"({"display_name":"x"})", plain, {}});
  EXPECT_EQ(renamed.status, 200);
  EXPECT_FALSE(renamed.has("/options"));
  const Reply refused =
      send({"PATCH", "/connections/" + id, R"({"options":)" + explicit_options() + "}", plain, {}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.message(), "Insufficient scope, expected any of: update:connections_options");
  const Reply made = send({"POST", "/connections",
                           R"({"strategy":"oidc","name":"own","options":)" + explicit_options() + "}", plain, {}});
  EXPECT_EQ(made.status, 201);
  EXPECT_TRUE(made.has("/options/client_id")) << "whoever creates sees what was made";
}

TEST_F(ConnectionsTest, AHardenedTenantShowsNoSecretToAnybody) {
  change_tenant(R"({"hide_connection_secrets":true})");
  const Reply made = create("hidden", explicit_options(R"("client_secret":"s3cr3t")"));
  EXPECT_EQ(made.status, 201);
  EXPECT_FALSE(made.has("/options/client_secret"));
  EXPECT_FALSE(get("/connections/" + made.id()).has("/options/client_secret"));
  const Reply with_headers = create("headers", explicit_options(R"("customHeaders":{"X-Key":"k"})"));
  EXPECT_EQ(with_headers.status, 201);
  EXPECT_FALSE(with_headers.has("/options/customHeaders"));
  EXPECT_FALSE(get("/connections/" + with_headers.id()).has("/options/customHeaders"));
}

}  // namespace
}  // namespace symbolon::management
