// What an application may use once: codes, refresh tokens, pushed requests, assertions, and the keys that sign for it.
#include <gtest/gtest.h>

#include <set>

#include "jose/sign.h"
#include "oidc/pushed_request.h"
#include "races/scene.h"
#include "store/client_store.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;

const bj::object kRotating{{"refresh_token", {{"rotation_type", "rotating"}, {"leeway", 0}}}};

Task<bool> post(Scene& scene, Fields form) {
  http::Request request = scene.request(http::Method::post, "/oauth/token");
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.body = http::encode_form(form);
  const http::Response response = co_await scene.token_endpoint.handle(std::move(request));
  co_return response.status == 200;
}

Fields refreshing(const std::string& token) {
  return {{"grant_type", "refresh_token"}, {"refresh_token", token}, {"client_id", "web"}, {"client_secret", kSecret}};
}

std::string refresh_token(Scene& scene) {
  auto request = Provider::authorization();
  request.scope = {"openid", "offline_access"};
  return text_at(json_of(scene.post_token(Provider::redemption(scene.code(request)))), "refresh_token");
}

TEST(TokenRace, T26ACodeIsRedeemedOnceAndItsReplayKillsTheTokens) {
  Scene scene;
  const std::string code = scene.code();
  EXPECT_EQ(scene.winners([&](Scene& at, int) { return post(at, Provider::redemption(code)); }), 1);
  EXPECT_EQ(scene.count("access_tokens"), 0) << "the losers were replays";
}

TEST(TokenRace, SEC26ARotatingTokenIsUsedOnceAndItsFamilyDies) {
  Scene scene;
  scene.patch_client("web", kRotating);
  const std::string token = refresh_token(scene);
  EXPECT_EQ(scene.winners([&](Scene& at, int) { return post(at, refreshing(token)); }), 1);
  EXPECT_EQ(scene.count("refresh_tokens"), 0);
  EXPECT_EQ(scene.count("log_events", "type = 'ferrt'"), 1);
}

TEST(TokenRace, RT4WithinTheLeewayEveryUseHasASuccessor) {
  Scene scene;
  bj::object leeway{{"refresh_token", {{"rotation_type", "rotating"}, {"leeway", 60}}}};
  scene.patch_client("web", leeway);
  const std::string token = refresh_token(scene);
  constexpr int kUses = 20;
  EXPECT_EQ(scene.winners([&](Scene& at, int) { return post(at, refreshing(token)); }, kUses), kUses);
  EXPECT_EQ(scene.count("refresh_tokens", "replaced_at IS NULL"), kUses);
  EXPECT_EQ(scene.count("log_events", "type = 'ferrt'"), 0);
}

TEST(TokenRace, ATokenThatStaysServesEverybody) {
  Scene scene;
  const std::string token = refresh_token(scene);
  constexpr int kUses = 20;
  EXPECT_EQ(scene.winners([&](Scene& at, int) { return post(at, refreshing(token)); }, kUses), kUses);
  EXPECT_EQ(scene.count("refresh_tokens"), 1);
}

Task<bool> take_pushed(Scene& scene, std::string uri) {
  co_return co_await scene.db->write([&](db::Transaction& tx) {
    return take_pushed_request(tx, kTenant, uri, ClientId("web"), scene.site->base_url, kStart).has_value();
  });
}

TEST(TokenRace, PAR2APushedRequestStartsOneSignIn) {
  Scene scene;
  const PushedName name = draw_pushed_name(scene.random);
  scene.write([&](db::Transaction& tx) {
    PushedRequest pushed;
    pushed.form.add("client_id", "web");
    insert_pushed_request(tx, kTenant, name, ClientId("web"), scene.site->base_url, pushed, kStart);
  });
  EXPECT_EQ(scene.winners([&](Scene& at, int) { return take_pushed(at, name.uri); }), 1);
}

Task<bool> present(Scene& scene, std::string assertion) {
  http::Form form;
  form.add("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  form.add("client_assertion", assertion);
  http::Request request = scene.request(http::Method::post, "/oauth/token");
  const auto client = co_await scene.clients.authenticate(std::move(request), std::move(form));
  co_return client.has_value();
}

TEST(TokenRace, SEC46AnAssertionProvesTheClientOnce) {
  Scene scene;
  const auto key = crypto::PrivateKey::generate(crypto::KeyType::ec_p256);
  scene.add_client(R"({"client_id":"jwt","grant_types":["authorization_code"],
      "client_authentication_methods":{"private_key_jwt":{"credentials":[{"id":"cred_1"}]}}})");
  scene.write([&](db::Transaction& tx) {
    store::ClientStore(tx, kTenant)
        .insert_credential(
            {"cred_1", ClientId("jwt"), R"({"kid":"k-1","alg":"ES256"})", key.public_key().spki_pem(), kStart});
  });
  const std::string assertion = jose::sign_jwt(key, crypto::SignatureAlgorithm::ES256, "k-1", "JWT",
                                               {{"iss", "jwt"},
                                                {"sub", "jwt"},
                                                {"aud", "https://id.example.com/"},
                                                {"exp", to_epoch_seconds(kStart) + 60},
                                                {"jti", "j-1"}});
  // Fewer than the failures after which an address is turned away unread.
  constexpr int kUses = 8;
  EXPECT_EQ(scene.winners([&](Scene& at, int) { return present(at, assertion); }, kUses), 1);
}

// Keeps what a contender came to, for a look at all of them.
class Outcomes {
 public:
  bool add(std::string one) {
    const std::lock_guard lock(mutex_);
    return all_.insert(std::move(one)).second;
  }
  std::size_t different() const { return all_.size(); }

 private:
  std::mutex mutex_;
  std::set<std::string> all_;
};

Task<bool> rotate(Scene& scene, Outcomes& kids) {
  const model::SigningKey key = co_await scene.keys.rotate(kTenant);
  co_return kids.add(key.kid);
}

TEST(TokenRace, EachRotationOfTheSigningKeysMakesAnotherKeyCurrent) {
  Scene scene;
  Outcomes kids;
  constexpr int kRotations = 3;
  EXPECT_EQ(scene.winners([&](Scene& at, int) { return rotate(at, kids); }, kRotations), kRotations);
  EXPECT_EQ(kids.different(), kRotations);
  EXPECT_EQ(scene.count("signing_keys", "owner = '' AND state = 'current'"), 2) << "one RSA, one EC";
}

// A server of its own for each, as when several start on one database.
Task<bool> start(Scene& scene, Outcomes& published) {
  SigningKeys keys(*scene.db, scene.workers, scene.box, scene.clock, scene.random);
  const auto made = co_await keys.get(TenantId("second-tenant"));
  co_return published.add(made->jwks());
}

TEST(TokenRace, ServersThatStartTogetherHaveTheSameFirstKeys) {
  Scene scene;
  scene.add_tenant("second-tenant");
  Outcomes published;
  EXPECT_EQ(scene.winners([&](Scene& at, int) { return start(at, published); }, 3), 1) << "the others have the same";
}

}  // namespace
}  // namespace symbolon::oidc
