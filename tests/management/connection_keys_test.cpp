#include <set>

#include "jose/jwk.h"
#include "management/management_test.h"
#include "store/signing_key_store.h"

// /api/v2/connections/{id}/keys (management-api §2.10).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class ConnectionKeysTest : public ManagementTest {
 protected:
  std::string make(const std::string& strategy, const std::string& options) {
    return post("/connections", R"({"strategy":")" + strategy + R"(","name":"corp","options":)" + options + "}").id();
  }
  std::string with_private_key_jwt(const std::string& more = "") {
    return make("oidc", explicit_options(R"("token_endpoint_auth_method":"private_key_jwt")" + more));
  }
  Reply keys(const std::string& connection) { return get("/connections/" + connection + "/keys"); }
  Reply rotate(const std::string& connection, const std::string& body = "") {
    return post("/connections/" + connection + "/keys/rotate", body);
  }
  // kid by state.
  std::map<std::string, std::string> kids(const std::string& connection) {
    std::map<std::string, std::string> found;
    const Reply reply = keys(connection);
    for (const json::value& key : reply.body.as_array())
      for (const char* state : {"current", "next", "previous"})
        if (key.as_object().contains(state)) found[state] = std::string(key.at("kid").as_string());
    return found;
  }
};

TEST_F(ConnectionKeysTest, AConnectionWithPrivateKeyJwtHasACurrentAndANextKey) {
  const std::string id = with_private_key_jwt();
  const Reply reply = keys(id);
  ASSERT_EQ(reply.status, 200);
  ASSERT_EQ(reply.body.as_array().size(), 2u);
  std::set<std::string> states;
  for (const json::value& value : reply.body.as_array()) {
    const json::object& key = value.as_object();
    EXPECT_EQ(key.at("kid").as_string().size(), 43u);
    EXPECT_EQ(key.at("algorithm"), "RS256");
    EXPECT_EQ(key.at("key_use"), "signing");
    EXPECT_EQ(key.at("subject_dn"), "/CN=corp");
    const std::string certificate(key.at("cert").as_string());
    EXPECT_TRUE(certificate.starts_with("-----BEGIN CERTIFICATE-----\r\n")) << certificate;
    EXPECT_THAT(std::string(key.at("pkcs").as_string()), testing::StartsWith("-----BEGIN PKCS7-----\r\n"));
    const std::string fingerprint(key.at("fingerprint").as_string());
    EXPECT_THAT(fingerprint, testing::MatchesRegex("([0-9A-F][0-9A-F]:)+[0-9A-F][0-9A-F]"));
    EXPECT_EQ(fingerprint.size(), 59u);
    std::string without(fingerprint);
    std::erase(without, ':');
    EXPECT_EQ(std::string(key.at("thumbprint").as_string()), without);
    for (const char* state : {"current", "next", "previous"})
      if (key.contains(state)) states.insert(state);
    EXPECT_EQ(key.contains("current_since"), key.contains("current"));
    for (const auto& member : key) EXPECT_THAT(std::string(member.key()), testing::Not(HasSubstr("private")));
  }
  EXPECT_EQ(states, (std::set<std::string>{"current", "next"}));
}

TEST_F(ConnectionKeysTest, AConnectionThatIsSwitchedGetsKeysOnce) {
  const std::string id = make("oidc", explicit_options(R"("client_secret":"s3cr3t-s3cr3t")"));
  EXPECT_EQ(keys(id).body, json::value(json::array{}));
  const std::string options = explicit_options(
      R"("token_endpoint_auth_method":"private_key_jwt","token_endpoint_auth_signing_alg":"ES256")");
  EXPECT_EQ(patch("/connections/" + id, R"({"options":)" + options + "}").status, 200);
  const Reply first = keys(id);
  ASSERT_EQ(first.body.as_array().size(), 2u);
  EXPECT_EQ(first.at("/0/algorithm"), "ES256");
  EXPECT_EQ(patch("/connections/" + id, R"({"options":)" + options + "}").status, 200);
  EXPECT_EQ(keys(id).body, first.body) << "saving again keeps the keys";
}

TEST_F(ConnectionKeysTest, KeysCanBeMadeBeforeTheSwitch) {
  const std::string id = make("okta", R"({"domain":"acme.okta.com","client_id":"abc","issuer":"https://acme.okta.com",)"
                                      R"("authorization_endpoint":"https://acme.okta.com/authorize",)"
                                      R"("token_endpoint":"https://acme.okta.com/token",)"
                                      R"("jwks_uri":"https://acme.okta.com/keys"})");
  const Reply made = post("/connections/" + id + "/keys", R"({"signing_alg":"PS384"})");
  ASSERT_EQ(made.status, 201);
  ASSERT_EQ(made.body.as_array().size(), 2u);
  EXPECT_EQ(made.at("/0/algorithm"), "PS384");
  EXPECT_EQ(keys(id).body.as_array().size(), 2u);
  const Reply again = post("/connections/" + id + "/keys", "");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.message(), "Keys have already been created for this connection.");
}

TEST_F(ConnectionKeysTest, RotationMovesEveryKeyOneStepOn) {
  const std::string id = with_private_key_jwt();
  const auto before = kids(id);
  clock_.advance(std::chrono::hours(1));
  const Reply next = rotate(id, "null");
  ASSERT_EQ(next.status, 201);
  EXPECT_EQ(next.at("/next"), true);
  auto after = kids(id);
  EXPECT_EQ(after.at("next"), next.id("kid"));
  EXPECT_EQ(after.at("current"), before.at("next"));
  EXPECT_EQ(after.at("previous"), before.at("current"));

  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(rotate(id, R"({"signing_alg":"ES384"})").at("/algorithm"), "ES384");
  after = kids(id);
  EXPECT_EQ(after.size(), 3u) << "the oldest is gone";
  EXPECT_EQ(after.at("previous"), before.at("next"));
  EXPECT_THAT(logged(), testing::Contains("sapi: Rotate connection keys"));
}

TEST_F(ConnectionKeysTest, RefusesWhatHasNoKeys) {
  const std::string secret = make("oidc", explicit_options(R"("client_secret":"s3cr3t-s3cr3t")"));
  const Reply not_set_up = rotate(secret);
  EXPECT_EQ(not_set_up.status, 400);
  EXPECT_EQ(not_set_up.message(), "Connection is not configured to use JWT Client Authentication");
  const std::string oauth = post("/connections", R"({"strategy":"oauth2","name":"social","options":{"client_id":"abc",)"
                                                 R"("authorizationURL":"https://a.example/a","tokenURL":"https://a.example/t"}})")
                                .id();
  EXPECT_EQ(keys(oauth).message(), "keys are not available for this connection");
  EXPECT_EQ(post("/connections/" + oauth + "/keys", "").status, 400);
  EXPECT_EQ(rotate(oauth).message(), "Key rotation is not supported on this connection");
  EXPECT_EQ(keys("con_0123456789abcdef").at("/errorCode"), "inexistent_connection");
  EXPECT_EQ(rotate(secret, R"({"signing_alg":"HS256"})").status, 400);
  EXPECT_EQ(rotate(secret, R"({"surprise":1})").message(),
            "Payload validation error: 'Additional properties not allowed: surprise'.");
}

TEST_F(ConnectionKeysTest, RotationNeedsBothScopes) {
  const std::string id = with_private_key_jwt();
  for (const char* missing : {"create:connections_keys", "update:connections_keys"})
    EXPECT_EQ(send({"POST", "/connections/" + id + "/keys/rotate", "", token_without(missing), {}}).status, 403)
        << missing;
  EXPECT_EQ(send({"GET", "/connections/" + id + "/keys", "", token_without("read:connections_keys"), {}}).status, 403);
}

TEST_F(ConnectionKeysTest, PrivateKeysAreSealedAndGoWithTheConnection) {
  const std::string id = with_private_key_jwt();
  const auto stored = [&] {
    return read([&](db::Transaction& tx) { return store::SigningKeyStore(tx, kTenant, id).list(); });
  };
  ASSERT_EQ(stored().size(), 2u);
  for (const model::SigningKey& key : stored()) {
    EXPECT_TRUE(box_.open("signing-key", "default|" + key.kid, key.private_key.bytes));
    EXPECT_FALSE(box_.open("signing-key", "other|" + key.kid, key.private_key.bytes));
    EXPECT_TRUE(jose::parse_jwk(json::parse(key.public_jwk).as_object()));
  }
  remove("/connections/" + id);
  EXPECT_TRUE(stored().empty());
}

}  // namespace
}  // namespace symbolon::management
