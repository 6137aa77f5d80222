#include "management/management_test.h"

#include "crypto/certificate.h"
#include "store/signing_key_store.h"

// /api/v2/keys/signing (management-api §6.3).
namespace symbolon::management {
namespace {

using namespace std::chrono_literals;
using model::KeyState;
using testing::ElementsAre;

class SigningKeysTest : public ManagementTest {
 protected:
  SigningKeysTest() {
    add("ec", "ES256", KeyState::current);
    add("one", "RS256", KeyState::current);
    clock_.advance(1s);
    add("two", "RS256", KeyState::next);
  }
  void add(const std::string& kid, const std::string& algorithm, KeyState state) {
    const auto key = crypto::PrivateKey::generate(crypto::KeyType::ec_p256);
    const auto certificate =
        crypto::Certificate::self_signed(key, "default", {clock_.now(), clock_.now() + 24h}, random_);
    write([&](db::Transaction& tx) {
      model::SigningKey record;
      record.tenant = kTenant;
      record.kid = kid;
      record.algorithm = algorithm;
      record.state = state;
      record.private_key.bytes = "sealed private key";
      record.certificate = certificate.pem();
      record.public_jwk = "{}";
      record.created_at = clock_.now();
      if (state == KeyState::current) record.current_since = clock_.now();
      store::SigningKeyStore(tx, kTenant).insert(record);
    });
  }
  std::vector<std::string> kids() {
    std::vector<std::string> found;
    for (const auto& key : get("/keys/signing").body.as_array()) found.emplace_back(key.at("kid").as_string());
    return found;
  }
};

TEST_F(SigningKeysTest, AreListedWithTheOnesThatToolsLookForInFront) {
  EXPECT_THAT(kids(), ElementsAre("two", "one", "ec"));
}

TEST_F(SigningKeysTest, AKeyShowsItsPublicSideOnly) {
  const Reply shown = get("/keys/signing/one");
  ASSERT_EQ(shown.status, 200) << shown.text;
  EXPECT_EQ(shown.at("/current"), true);
  EXPECT_EQ(shown.at("/alg"), "RS256");
  EXPECT_FALSE(shown.has("/next"));
  EXPECT_FALSE(shown.has("/revoked"));
  EXPECT_TRUE(shown.has("/current_since"));
  EXPECT_EQ(shown.id("cert").substr(0, 27), "-----BEGIN CERTIFICATE-----");
  EXPECT_EQ(shown.id("pkcs7").substr(0, 21), "-----BEGIN PKCS7-----");
  std::string colonless = shown.id("fingerprint");
  std::erase(colonless, ':');
  EXPECT_EQ(colonless, shown.id("thumbprint"));
  EXPECT_EQ(colonless.size(), 40U);
  EXPECT_EQ(shown.id("fingerprint").size(), 59U);
  EXPECT_THAT(shown.text, testing::Not(testing::HasSubstr("sealed")));
  EXPECT_EQ(get("/keys/signing/nobody").status, 404);
}

TEST_F(SigningKeysTest, RotationMovesEveryKeyOn) {
  const Reply rotated = post("/keys/signing/rotate", "");
  ASSERT_EQ(rotated.status, 201) << rotated.text;
  EXPECT_EQ(rotated.at("/kid"), "two");
  EXPECT_TRUE(rotated.has("/cert"));
  EXPECT_EQ(get("/keys/signing/two").at("/current"), true);
  const Reply before = get("/keys/signing/one");
  EXPECT_EQ(before.at("/previous"), true);
  EXPECT_FALSE(before.has("/current"));
  EXPECT_EQ(before.at("/current_until"), to_iso8601(clock_.now()));
  EXPECT_THAT(logged(), testing::Contains("sapi: Rotate the signing keys"));
}

TEST_F(SigningKeysTest, OnlyAKeyThatDoesNotSignIsRevoked) {
  const Reply refused = send({"PUT", "/keys/signing/one/revoke", "", token_, {}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.message(), testing::HasSubstr("Rotate the keys first"));
  EXPECT_FALSE(get("/keys/signing/one").has("/revoked"));
  post("/keys/signing/rotate", "");
  const Reply revoked = send({"PUT", "/keys/signing/one/revoke", "", token_, {}});
  EXPECT_EQ(revoked.status, 200) << revoked.text;
  EXPECT_EQ(revoked.at("/kid"), "one");
  EXPECT_EQ(get("/keys/signing/one").at("/revoked"), true);
  EXPECT_EQ(get("/keys/signing/one").at("/revoked_at"), to_iso8601(clock_.now()));
  EXPECT_EQ(send({"PUT", "/keys/signing/nobody/revoke", "", token_, {}}).status, 404);
}

TEST_F(SigningKeysTest, RotatingNeedsBothScopes) {
  for (const char* scope : {"create:signing_keys", "update:signing_keys"})
    EXPECT_EQ(send({"POST", "/keys/signing/rotate", "", token_without(scope), {}}).status, 403) << scope;
  EXPECT_EQ(get("/keys/signing/one").at("/current"), true);
}

}  // namespace
}  // namespace symbolon::management
