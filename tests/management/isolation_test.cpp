#include "base/text.h"
#include "management/people_test.h"

// Threats T56: with a token of one tenant, every record of another is as if it were not there.
namespace symbolon::management {
namespace {

namespace json = boost::json;

class IsolationTest : public PeopleTest {
 protected:
  IsolationTest() {
    const UserId jane = add_user("jane");
    add_session(jane, "s1");
    add_refresh_token(jane, "t1", "s1");
  }
  std::string make_domain() {
    make_canonical_domains();
    return post("/custom-domains", R"({"domain":"login.acme.example","type":"self_managed_certs"})").id("custom_domain_id");
  }
  Reply as_stranger(const std::string& method, const std::string& path, const std::string& body = "") {
    return send({method, path, body, full_token(kOtherTenant), {}});
  }

  // Whether a path is one of those that a pattern of the contract describes.
  static bool is_at(const std::string& pattern, const std::string& path) {
    const auto wanted = split_words(pattern, "/"), parts = split_words(path, "/");
    if (wanted.size() != parts.size()) return false;
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (!wanted[i].starts_with('{') && wanted[i] != parts[i]) return false;
    return true;
  }

  const std::string connection_ = corp_;
  const std::string client_ = make_client("app");
  const std::string scim_ = post("/connections/" + connection_ + "/scim-configuration", "").id("connection_id");
  const std::string scim_token_ =
      post("/connections/" + connection_ + "/scim-configuration/tokens", "{}").id("token_id");
  const std::string credential_ =
      post("/clients/" + client_ + "/credentials", R"({"credential_type":"cert_subject_dn","subject_dn":"/CN=x"})").id();
  const std::string domain_ = make_domain();
  const std::string profile_ = post("/self-service-profiles", R"({"name":"customers"})").id();
  const std::string api_ = post("/resource-servers", R"({"identifier":"https://api.example.com"})").id();
  const std::string grant_ =
      post("/client-grants", R"({"client_id":")" + client_ + R"(","audience":"https://api.example.com"})").id();
  const std::string log_ = get("/logs?per_page=1").body.at(0).at("log_id").as_string().c_str();
};

TEST_F(IsolationTest, T56NoVerbReachesARecordOfAnotherTenant) {
  const std::string kConnection = "/connections/" + connection_;
  const std::string kScim = kConnection + "/scim-configuration";
  const std::string kClient = "/clients/" + client_;
  const std::string kDomain = "/custom-domains/" + domain_;
  const std::string kProfile = "/self-service-profiles/" + profile_;
  const std::string kApi = "/resource-servers/https:%2F%2Fapi.example.com";
  const std::string kUser = "/users/oidc%7Ccorp%7Cjane";
  const struct {
    const char* method;
    std::string path, body;
    int status;
  } kRows[] = {
      {"GET", kConnection, "", 404},
      {"PATCH", kConnection, R"({"display_name":"x"})", 404},
      {"DELETE", kConnection, "", 204},
      {"GET", kConnection + "/clients", "", 404},
      {"PATCH", kConnection + "/clients", R"([{"client_id":")" + client_ + R"(","status":true}])", 404},
      {"GET", kConnection + "/status", "", 404},
      {"GET", "/clients/" + client_, "", 404},
      {"PATCH", "/clients/" + client_, R"({"name":"x"})", 404},
      {"DELETE", "/clients/" + client_, "", 204},
      {"POST", "/clients/" + client_ + "/rotate-secret", "", 404},
      {"GET", kConnection + "/keys", "", 404},
      {"POST", kConnection + "/keys", "", 404},
      {"POST", kConnection + "/keys/rotate", "", 404},
      {"GET", kScim, "", 404},
      {"POST", kScim, "", 404},
      {"PATCH", kScim, R"({"user_id_attribute":"id","mapping":[]})", 404},
      {"DELETE", kScim, "", 404},
      {"GET", kScim + "/default-mapping", "", 404},
      {"GET", kScim + "/tokens", "", 404},
      {"POST", kScim + "/tokens", "{}", 404},
      {"DELETE", kScim + "/tokens/" + scim_token_, "", 404},
      {"GET", kClient + "/credentials", "", 404},
      {"POST", kClient + "/credentials", R"({"credential_type":"cert_subject_dn","subject_dn":"/CN=y"})", 404},
      {"GET", kClient + "/credentials/" + credential_, "", 404},
      {"PATCH", kClient + "/credentials/" + credential_, R"({"expires_at":null})", 404},
      {"DELETE", kClient + "/credentials/" + credential_, "", 404},
      {"GET", kClient + "/connections", "", 404},
      {"GET", kDomain, "", 404},
      {"PATCH", kDomain, "{}", 404},
      {"DELETE", kDomain, "", 204},
      {"POST", kDomain + "/verify", "", 404},
      {"GET", kProfile, "", 404},
      {"PATCH", kProfile, R"({"name":"x"})", 404},
      {"DELETE", kProfile, "", 204},
      {"GET", kProfile + "/custom-text/en/get-started", "", 404},
      {"POST", kProfile + "/sso-ticket", "{}", 404},
      {"POST", kProfile + "/sso-ticket/x/revoke", "", 202},
      {"PUT", kProfile + "/custom-text/en/get-started", "{}", 404},
      {"POST", kConnection + "/try", "{}", 404},
      {"GET", "/connections/try-results/unknown", "", 404},
      {"GET", "/client-grants/" + grant_, "", 404},
      {"PATCH", "/client-grants/" + grant_, R"({"scope":[]})", 404},
      {"DELETE", "/client-grants/" + grant_, "", 204},
      {"GET", "/resource-servers/" + api_, "", 404},
      {"GET", kApi, "", 404},
      {"PATCH", "/resource-servers/" + api_, R"({"name":"x"})", 404},
      {"DELETE", "/resource-servers/" + api_, "", 204},
      {"GET", kUser, "", 404},
      {"PATCH", kUser, R"({"blocked":true})", 404},
      {"DELETE", kUser, "", 204},
      {"POST", kUser + "/identities", R"({"provider":"oidc","user_id":"corp|joe"})", 404},
      {"DELETE", kUser + "/identities/oidc/corp%7Cjane", "", 404},
      {"GET", kUser + "/sessions", "", 404},
      {"DELETE", kUser + "/sessions", "", 202},
      {"GET", kUser + "/refresh-tokens", "", 404},
      {"DELETE", kUser + "/refresh-tokens", "", 202},
      {"POST", kUser + "/revoke-access", "{}", 404},
      {"GET", kUser + "/logs", "", 200},
      {"GET", kUser + "/connected-accounts", "", 404},
      {"GET", kUser + "/federated-connections-tokensets", "", 404},
      {"GET", kUser + "/roles", "", 404},
      {"GET", kUser + "/permissions", "", 404},
      {"GET", kUser + "/organizations", "", 404},
      {"GET", kUser + "/authentication-methods", "", 404},
      {"GET", kUser + "/enrollments", "", 404},
      {"GET", "/user-blocks/oidc%7Ccorp%7Cjane", "", 404},
      {"DELETE", "/user-blocks/oidc%7Ccorp%7Cjane", "", 404},
      {"GET", "/sessions/s1", "", 404},
      {"PATCH", "/sessions/s1", R"({"session_metadata":{}})", 404},
      {"DELETE", "/sessions/s1", "", 202},
      {"POST", "/sessions/s1/revoke", "", 404},
      {"GET", "/refresh-tokens/t1", "", 404},
      {"PATCH", "/refresh-tokens/t1", R"({"refresh_token_metadata":{}})", 404},
      {"DELETE", "/refresh-tokens/t1", "", 202},
      {"GET", "/logs/" + log_, "", 404},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.method + std::string(" ") + row.path);
    EXPECT_EQ(as_stranger(row.method, row.path, row.body).status, row.status);
  }
  for (const ContractOperation& operation : contract().operations()) {
    if (!operation.path.contains("{id}")) continue;
    const bool tried = std::ranges::any_of(kRows, [&](const auto& row) {
      return to_string(operation.method) == row.method && is_at(operation.path, row.path);
    });
    EXPECT_TRUE(tried) << to_string(operation.method) << " " << operation.path << " is missing above";
  }

  for (const std::string& path : {kConnection, "/clients/" + client_, "/client-grants/" + grant_,
                                  "/resource-servers/" + api_, kScim, kClient + "/credentials/" + credential_, kProfile,
                                  kDomain, kUser, std::string("/sessions/s1"),
                                  std::string("/refresh-tokens/t1"), "/logs/" + log_})
    EXPECT_EQ(get(path).status, 200) << path;
  EXPECT_TRUE(logged(kOtherTenant).empty()) << "nothing was written, so nothing is recorded";
}

TEST_F(IsolationTest, T56ListsShowOwnRecordsOnly) {
  for (const char* path : {"/connections", "/clients?is_global=false", "/self-service-profiles", "/client-grants", "/users", "/logs", "/keys/signing",
                           "/users-by-email?email=jane%40example.com", "/users?q=email%3Ajane%40example.com",
                           "/resource-servers?identifiers=https%3A%2F%2Fapi.example.com"})
    EXPECT_EQ(as_stranger("GET", path).body, json::value(json::array{})) << path;
}

TEST_F(IsolationTest, T56RecordsOfAnotherTenantCannotBeReferredTo) {
  EXPECT_EQ(as_stranger("POST", "/connections",
                        R"({"strategy":"oidc","name":"mine","enabled_clients":[")" + client_ + R"("],"options":)" +
                            explicit_options() + "}")
                .status,
            400);
  EXPECT_EQ(as_stranger("POST", "/client-grants",
                        R"({"client_id":")" + client_ + R"(","audience":"https://api.example.com"})")
                .status,
            404);
}

TEST_F(IsolationTest, T56ATokenOfOneTenantIsNoneAtAnother) {
  http::Headers headers;
  headers.set("Authorization", "Bearer " + full_token(kTenant).text());
  EXPECT_EQ(send_raw("GET", "/connections", "", headers, kOtherTenant).status, 401);
}

TEST_F(IsolationTest, NamesAreTakenOncePerTenant) {
  EXPECT_EQ(as_stranger("POST", "/connections", R"({"strategy":"oidc","name":"corp","options":)" + explicit_options() + "}")
                .status,
            201);
  EXPECT_EQ(as_stranger("POST", "/resource-servers", R"({"identifier":"https://api.example.com"})").status, 201);
}

}  // namespace
}  // namespace symbolon::management
