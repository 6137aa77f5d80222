#pragma once

#include <memory>
#include <string>
#include <utility>

#include "crypto/secret_box.h"
#include "http/form.h"
#include "support/counter_random.h"
#include "support/fake_clock.h"
#include "support/fake_http_client.h"
#include "support/inline_workers.h"
#include "support/run_task.h"
#include "support/token_builder.h"
#include "upstream/custom_headers.h"
#include "upstream/relying_party.h"
#include "upstream/sample_connection.h"

namespace symbolon::upstream {

inline constexpr std::int64_t kLoginTime = 1'800'000'000;
inline constexpr const char* kTokenUrl = "https://idp.example/token";
inline constexpr const char* kJwksUrl = "https://idp.example/jwks";
inline constexpr const char* kUserinfoUrl = "https://idp.example/userinfo";
inline constexpr const char* kUserUrl = "https://idp.example/user";

// Values that must turn up in no explanation. Long and odd, so that a search for them cannot miss or err.
inline constexpr const char* kCodeCanary = "canary-code-7Qx+/=&";
inline constexpr const char* kSecretCanary = "canary-secret-9\"Zk %";
inline constexpr const char* kVerifierCanary = "canary-verifier-0000000000000000000000000000";
inline constexpr const char* kAccessCanary = "canary-access-token-5Tg";
inline constexpr const char* kNonceCanary = "nonce-canary-2Wd";

inline const TestKey& provider_key() {
  static const TestKey key = TestKey::make("k1");
  return key;
}

class OneAssertionKey final : public AssertionKeys {
 public:
  Task<std::expected<AssertionKey, std::string>> current(TenantId, ConnectionId) override {
    if (broken) co_return std::unexpected("no key in the database");
    const TestKey& key = test_key();
    co_return AssertionKey{key.kid, key.algorithm, key.key};
  }
  static const TestKey& test_key() {
    static const TestKey key = TestKey::make("our-kid");
    return key;
  }
  bool broken = false;
};

/// A provider with everything in order and a browser that comes back from it; tests change one thing.
struct LoginAtProvider {
  explicit LoginAtProvider(model::Connection with) : connection(std::move(with)) {
    connection.client_secret.bytes = box.seal("connection-secret", "default|con_0123456789abcdef", kSecretCanary);
    const auto options = object_of(connection.options);
    if (const auto* headers = options.if_contains("customHeaders"))
      set_custom_headers(connection, headers->get_object(), box);
    token.claims = {{"iss", "https://idp.example"}, {"sub", "sub-1"},        {"aud", "client-1"},
                    {"exp", kLoginTime + 300},      {"iat", kLoginTime - 5}, {"nonce", kNonceCanary},
                    {"email", "ada@example.com"}};
    client.on(kJwksUrl, 200, key_set_of({&provider_key()}));
    client.on(kUserinfoUrl, 200, R"({"sub":"sub-1","phone":"+44"})");
    client.on(kUserUrl, 200, R"({"id":4711,"login":"ada"})");
    const bool front = connection.upstream.channel == model::Channel::front_channel;
    posted = front;
    response.add("state", "STATE");
    if (!front) response.add("code", kCodeCanary);
    expectation.nonce = connection.upstream.strategy == model::Strategy::oauth2 ? "" : kNonceCanary;
    expectation.started_at = from_epoch_seconds(kLoginTime - 20);
    if (!front) {
      expectation.verifier = kVerifierCanary;
      expectation.challenge_method = "S256";
    }
  }

  boost::json::object token_answer() const {
    boost::json::object answer{
        {"access_token", kAccessCanary}, {"token_type", "Bearer"}, {"expires_in", 3600}, {"scope", "openid"}};
    if (connection.upstream.strategy != model::Strategy::oauth2) answer["id_token"] = token.compact();
    return answer;
  }

  std::expected<ProvenIdentity, UpstreamError> prove() {
    if (!own_token_answer) client.on(kTokenUrl, 200, boost::json::serialize(token_answer()));
    if (connection.upstream.channel == model::Channel::front_channel && !response.has("error") && !without_artefact)
      response.add("id_token", token.compact());
    return run_task(
        party.prove(std::make_shared<const model::Connection>(connection), site, response, posted, expectation));
  }

  FakeClock clock{from_epoch_seconds(kLoginTime)};
  FakeHttpClient client;
  CounterRandom random;
  InlineWorkers workers;
  crypto::SecretBox box{crypto::Keyring::generate(random), random};
  OneAssertionKey assertion_keys;
  JwksCache keys{client, clock};
  RelyingParty party{client, keys, assertion_keys, box, workers, clock, random, {}};

  model::Connection connection;
  http::Site site{TenantId("default"), "https://login.example", "login.example", true};
  TokenBuilder token{provider_key()};
  http::Form response;
  bool posted = false;
  Expectation expectation;
  bool own_token_answer = false;  ///< the test scripted the token endpoint itself
  bool without_artefact = false;
};

}  // namespace symbolon::upstream
