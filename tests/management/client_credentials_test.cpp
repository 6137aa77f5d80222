#include <set>

#include "crypto/certificate.h"
#include "crypto/key.h"
#include "management/management_test.h"
#include "store/client_store.h"

// /api/v2/clients/{id}/credentials and /connections (management-api §3.5, §3.6).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class ClientCredentialsTest : public ManagementTest {
 protected:
  std::string quoted(const std::string& text) { return json::serialize(json::value(text)); }
  std::string credential(const std::string& more = "") {
    return R"({"credential_type":"public_key","pem":)" + quoted(pem_) + (more.empty() ? "" : "," + more) + "}";
  }
  Reply add(const std::string& body) { return post("/clients/" + client_ + "/credentials", body); }
  Reply refer_to(const std::string& id) {
    return patch("/clients/" + client_,
                 R"({"client_authentication_methods":{"private_key_jwt":{"credentials":[{"id":")" + id +
                     R"("}]}},"token_endpoint_auth_method":null})");
  }

  const crypto::PrivateKey key_ = crypto::PrivateKey::generate(crypto::KeyType::rsa);
  const std::string pem_ = key_.public_key().spki_pem();
  const crypto::Certificate certificate_ = crypto::Certificate::self_signed(
      key_, "app.example.com", {clock_.now(), clock_.now() + std::chrono::hours(24)}, random_);
  const std::string client_ = make_client("app");
};

TEST_F(ClientCredentialsTest, AKeyIsShownByItsMetadataOnly) {
  const Reply made = add(credential(R"("name":"first","kid":"my-key-0001","expires_at":"2030-01-01T00:00:00.000Z")"));
  ASSERT_EQ(made.status, 201);
  EXPECT_THAT(made.id(), testing::MatchesRegex("cred_[A-Za-z0-9]{22}"));
  EXPECT_EQ(made.at("/name"), "first");
  EXPECT_EQ(made.at("/kid"), "my-key-0001");
  EXPECT_EQ(made.at("/alg"), "RS256");
  EXPECT_EQ(made.at("/credential_type"), "public_key");
  EXPECT_EQ(made.at("/expires_at"), "2030-01-01T00:00:00.000Z");
  EXPECT_EQ(made.at("/created_at"), made.id("updated_at"));
  EXPECT_FALSE(made.has("/pem"));
  const std::string path = "/clients/" + client_ + "/credentials";
  EXPECT_EQ(get(path).body, json::value(json::array{made.body}));
  EXPECT_EQ(get(path + "/" + made.id()).body, made.body);
}

TEST_F(ClientCredentialsTest, MomentsAreShownWithMilliseconds) {
  EXPECT_EQ(add(credential(R"("expires_at":"2095-05-13T09:33:13Z")")).at("/expires_at"), "2095-05-13T09:33:13.000Z");
}

TEST_F(ClientCredentialsTest, RequiringSignedRequestsLeavesTheirKeysAlone) {
  const std::string id = add(credential()).id();
  const std::string path = "/clients/" + client_;
  ASSERT_EQ(patch(path, R"({"signed_request_object":{"required":false,"credentials":[{"id":")" + id + R"("}]}})").status, 200);
  const Reply required = patch(path, R"({"signed_request_object":{"required":true}})");
  ASSERT_EQ(required.status, 200) << required.text;
  EXPECT_EQ(required.at("/signed_request_object/required"), true);
  EXPECT_EQ(required.at("/signed_request_object/credentials/0/id"), id);
  EXPECT_EQ(patch(path, R"({"signed_request_object":{"credentials":[]}})").at("/signed_request_object/credentials"),
            json::value(json::array{}));
  EXPECT_FALSE(patch(path, R"({"signed_request_object":null})").has("/signed_request_object"));
}

TEST_F(ClientCredentialsTest, AKeyWithoutANameIsNamedByItsThumbprint) {
  EXPECT_THAT(add(credential()).id("kid"), testing::MatchesRegex("[A-Za-z0-9_-]{43}"));
}

TEST_F(ClientCredentialsTest, ExpiryIsTheOnlyThingThatChanges) {
  const std::string path = "/clients/" + client_ + "/credentials/" + add(credential()).id();
  clock_.advance(std::chrono::hours(1));
  const Reply changed = patch(path, R"({"expires_at":"2031-02-03T04:05:06Z"})");
  EXPECT_EQ(changed.status, 201);
  EXPECT_EQ(changed.at("/expires_at"), "2031-02-03T04:05:06.000Z");
  EXPECT_NE(changed.id("updated_at"), changed.id("created_at"));
  EXPECT_FALSE(patch(path, R"({"expires_at":null})").has("/expires_at"));
  EXPECT_EQ(patch(path, R"({"name":"x"})").status, 400);
  EXPECT_EQ(patch(path, R"({"expires_at":"tomorrow"})").status, 400);
  EXPECT_EQ(patch(path, "{}").status, 400);
}

TEST_F(ClientCredentialsTest, CertificatesShowTheirSubjectAndThumbprint) {
  const std::string pem = quoted(certificate_.pem());
  const Reply certificate = add(R"({"credential_type":"x509_cert","pem":)" + pem + R"(,"parse_expiry_from_cert":true})");
  ASSERT_EQ(certificate.status, 201) << certificate.text;
  EXPECT_EQ(certificate.at("/subject_dn"), "/CN=app.example.com");
  EXPECT_THAT(certificate.id("thumbprint_sha256"), testing::MatchesRegex("[A-Za-z0-9_-]{43}"));
  const auto until = from_epoch_seconds(to_epoch_seconds(clock_.now()) + 24 * 3600);
  EXPECT_EQ(certificate.at("/expires_at"), to_iso8601(until));
  const Reply subject = add(R"({"credential_type":"cert_subject_dn","subject_dn":"/CN=other"})");
  EXPECT_EQ(subject.at("/subject_dn"), "/CN=other");
}

TEST_F(ClientCredentialsTest, RefusesWhatCannotProveAnything) {
  const std::string elliptic =
      quoted(crypto::PrivateKey::generate(crypto::KeyType::ec_p256).public_key().spki_pem());
  const std::string pem = quoted(pem_);
  const struct {
    std::string body;
    const char* reason;
  } kRows[] = {
      {R"({"credential_type":"public_key"})", "The key cannot be used"},
      {R"({"credential_type":"public_key","pem":"x"})", "The key cannot be used: "},
      {R"({"credential_type":"public_key","pem":)" + elliptic + "}", "cannot be used with RS256' on property alg"},
      {credential(R"("alg":"ES256")"), "A key of type RSA cannot be used with ES256"},
      {credential(R"("alg":"HS256")"), "No enum match for: \"HS256\""},
      {credential(R"("kid":"short")"), "String is too short"},
      {credential(R"("parse_expiry_from_cert":true)"), "no certificate to read the expiry from"},
      {R"({"credential_type":"x509_cert","pem":)" + pem + "}", "Not an X.509 certificate"},
      {R"({"credential_type":"x509_cert","kid":"0123456789","pem":)" + pem + "}", "have a kid"},
      {R"({"credential_type":"cert_subject_dn"})", "Missing required property: subject_dn"},
      {R"({"credential_type":"password"})", "No enum match"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.body.substr(0, 80));
    const Reply refused = add(row.body);
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.message(), HasSubstr(row.reason));
  }
  EXPECT_EQ(get("/clients/" + client_ + "/credentials").body, json::value(json::array{}));
}

TEST_F(ClientCredentialsTest, TwoAreEnoughForARotation) {
  EXPECT_EQ(add(credential()).status, 201);
  EXPECT_EQ(add(credential()).status, 201);
  const Reply third = add(credential());
  EXPECT_EQ(third.status, 400);
  EXPECT_EQ(third.message(), "A client can have two credentials at most.");
}

TEST_F(ClientCredentialsTest, ACredentialCountsOnceTheClientRefersToIt) {
  const std::string id = add(credential()).id();
  const auto client = [&] {
    return read([&](db::Transaction& tx) { return store::ClientStore(tx, kTenant).find(ClientId(client_)); });
  };
  EXPECT_TRUE(client()->keys.empty());
  const Reply changed = refer_to(id);
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.at("/client_authentication_methods/private_key_jwt/credentials/0/id"), id);
  ASSERT_EQ(client()->keys.size(), 1u);
  EXPECT_EQ(client()->keys[0].spki_pem, pem_);
  EXPECT_EQ(client()->auth, model::ClientAuthMethod::private_key_jwt);

  const std::string path = "/clients/" + client_ + "/credentials/" + id;
  const Reply in_use = remove(path);
  EXPECT_EQ(in_use.status, 400);
  EXPECT_THAT(in_use.message(), HasSubstr("client_authentication_methods"));
  EXPECT_THAT(in_use.message(), HasSubstr("still associated with a client")) << "Terraform looks for these words";
  EXPECT_EQ(post("/clients/" + client_ + "/rotate-secret", "").status, 400);
  EXPECT_EQ(patch("/clients/" + client_,
                  R"({"client_authentication_methods":null,"token_endpoint_auth_method":"client_secret_post"})")
                .status,
            200);
  EXPECT_EQ(remove(path).status, 204);
  EXPECT_EQ(get(path).at("/errorCode"), "inexistent_credential");
  EXPECT_EQ(remove(path).status, 404);
}

TEST_F(ClientCredentialsTest, ReferencesMustBeTheClientsOwn) {
  const std::string other = make_client("other");
  const std::string foreign = post("/clients/" + other + "/credentials", credential()).id();
  for (const std::string& id : {std::string("cred_unknown"), foreign}) {
    const Reply refused = refer_to(id);
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.message(), HasSubstr("The client has no credential " + id));
  }
  EXPECT_EQ(patch("/clients/" + client_, R"({"client_authentication_methods":{"private_key_jwt":{"credentials":[{}]}}})")
                .status,
            400);
  EXPECT_EQ(patch("/clients/" + client_, R"({"client_authentication_methods":{}})").status, 400);
}

TEST_F(ClientCredentialsTest, ANewClientBringsItsCredentials) {
  const std::string body = R"({"name":"keyed","client_authentication_methods":{"private_key_jwt":{"credentials":[)" +
                           credential(R"("name":"first")") + "," + credential(R"("name":"second")") + "]}}}";
  const Reply made = post("/clients", body);
  ASSERT_EQ(made.status, 201) << made.text;
  const Reply stored = get("/clients/" + made.id("client_id") + "/credentials");
  ASSERT_EQ(stored.body.as_array().size(), 2u);
  std::set<std::string> referred, known;
  for (const json::value& one : made.at("/client_authentication_methods/private_key_jwt/credentials").as_array()) {
    EXPECT_EQ(one.as_object().size(), 1u) << "references only";
    referred.emplace(one.at("id").as_string());
  }
  for (const json::value& one : stored.body.as_array()) known.emplace(one.at("id").as_string());
  EXPECT_EQ(referred, known);
  EXPECT_EQ(read([&](db::Transaction& tx) {
              return store::ClientStore(tx, kTenant).find(ClientId(made.id("client_id")))->keys.size();
            }),
            2u);

  const Reply refused = post("/clients", R"({"name":"bad","client_authentication_methods":{"private_key_jwt":)"
                                         R"({"credentials":[{"credential_type":"public_key","pem":"x"}]}}})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.message(),
              HasSubstr("on property client_authentication_methods.private_key_jwt.credentials[0].pem."));
  EXPECT_EQ(get("/clients?is_global=false").body.as_array().size(), 2u) << "nothing is left of the refused one";
}

TEST_F(ClientCredentialsTest, UnknownClientsHaveNone) {
  for (const char* path : {"/clients/unknown/credentials", "/clients/unknown/credentials/x"}) {
    EXPECT_EQ(get(path).at("/errorCode"), "inexistent_client") << path;
  }
  EXPECT_EQ(post("/clients/unknown/credentials", credential()).status, 404);
  EXPECT_EQ(get("/clients/unknown/connections").at("/errorCode"), "inexistent_client");
}

TEST_F(ClientCredentialsTest, ListsTheConnectionsOfAClient) {
  const std::string first = make_connection("first"), second = make_connection("second");
  make_connection("third");
  for (const std::string& id : {first, second})
    patch("/connections/" + id + "/clients", R"([{"client_id":")" + client_ + R"(","status":true}])");
  const std::string path = "/clients/" + client_ + "/connections";
  const Reply all = get(path);
  ASSERT_EQ(all.status, 200);
  ASSERT_EQ(all.at("/connections").as_array().size(), 2u);
  EXPECT_EQ(all.at("/connections/0/id"), first);
  EXPECT_FALSE(all.has("/next"));
  const Reply page = get(path + "?take=1&fields=name");
  EXPECT_EQ(page.at("/connections"), json::value(json::array{json::object{{"id", first}, {"name", "first"}}}));
  const Reply rest = get(path + "?take=1&from=" + page.id("next"));
  EXPECT_EQ(rest.at("/connections/0/id"), second);
  EXPECT_FALSE(rest.has("/next"));
  EXPECT_EQ(get(path + "?strategy=okta").at("/connections"), json::value(json::array{}));
  EXPECT_EQ(get("/clients/" + make_client("none") + "/connections?from=" + page.id("next")).status, 400)
      << "a cursor of one client is worth nothing at another";
}

TEST_F(ClientCredentialsTest, ATenantMayOpenItsConnectionsToEveryNewClient) {
  make_connection("first");
  make_connection("second");
  const auto connections = [&](const std::string& client) {
    return get("/clients/" + client + "/connections").at("/connections").as_array().size();
  };
  EXPECT_EQ(connections(make_client("before")), 0u);
  patch("/tenants/settings", R"({"flags":{"enable_client_connections":true}})");
  EXPECT_EQ(connections(make_client("after")), 2u);
}

TEST_F(ClientCredentialsTest, ConnectionsOfAClientNeedTwoScopes) {
  const std::string path = "/clients/" + client_ + "/connections";
  EXPECT_EQ(send({"GET", path, "", token_with({"read:connections"}), {}}).status, 403);
  EXPECT_EQ(send({"GET", path, "", token_with({"read:clients"}), {}}).status, 403);
  EXPECT_EQ(send({"GET", path, "", token_with({"read:connections", "read:client_summary"}), {}}).status, 200);
}

}  // namespace
}  // namespace symbolon::management
