#include <benchmark/benchmark.h>

#include <boost/json.hpp>
#include <chrono>
#include <string>

#include "crypto/key.h"
#include "jose/algorithm_set.h"
#include "jose/public_jwk.h"
#include "jose/sign.h"
#include "upstream/discovery.h"
#include "upstream/id_token.h"

namespace symbolon::upstream {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;
using crypto::SignatureAlgorithm;

constexpr std::int64_t kNow = 1'800'000'000;
constexpr const char* kIssuer = "https://idp.example/realms/acme";
constexpr const char* kNonce = "pDgbnXmVqFcHkWmTjQz2sLrY8uA0eB4iN6oC1xKfR3w";

boost::json::object claims() {
  return {{"iss", kIssuer},           {"sub", "00u1a2b3c4d5e6f7g8h9"},
          {"aud", "symbolon"},        {"iat", kNow},
          {"exp", kNow + 600},        {"nonce", kNonce},
          {"name", "Zoé Example"},    {"given_name", "Zoé"},
          {"family_name", "Example"}, {"email", "zoe@acme.example"},
          {"email_verified", true},   {"groups", boost::json::array{"staff", "engineering", "on-call"}}};
}

/// All checks of a provider's ID token, from the compact text to its claims.
void check_id_token(benchmark::State& state, SignatureAlgorithm algorithm) {
  const PrivateKey key = PrivateKey::generate(algorithm == SignatureAlgorithm::ES256 ? KeyType::ec_p256 : KeyType::rsa);
  const std::string token = jose::sign_jwt(key, algorithm, "k1", "JWT", claims());
  const boost::json::array published{jose::render_public_jwk(key.public_key(), "k1", algorithm)};
  const auto keys = jose::KeySet::parse(boost::json::serialize(boost::json::object{{"keys", published}})).value();
  model::UpstreamSettings settings;
  settings.channel = model::Channel::back_channel;
  settings.issuer = kIssuer;
  settings.client_id = "symbolon";
  settings.id_token_algorithms = jose::kDefaultUpstreamAlgorithms.names();
  const IdTokenContext context{.nonce = kNonce,
                               .challenge_method = "S256",
                               .started_at = from_epoch_seconds(kNow),
                               .max_age = {},
                               .access_token = {}};
  for (auto _ : state) {
    const auto verified = verify_id_token(token, keys, settings, context, from_epoch_seconds(kNow));
    if (!verified) {
      state.SkipWithError(std::string(rule_of(verified.error().check)).c_str());
      break;
    }
  }
}
BENCHMARK_CAPTURE(check_id_token, RS256, SignatureAlgorithm::RS256);
BENCHMARK_CAPTURE(check_id_token, ES256, SignatureAlgorithm::ES256);

/// A discovery document of the usual size.
std::string discovery_document() {
  boost::json::object document{{"issuer", kIssuer}, {"jwks_uri", std::string(kIssuer) + "/certs"}};
  for (const char* endpoint : {"authorization", "token", "userinfo", "introspection", "revocation"})
    document[std::string(endpoint) + "_endpoint"] = std::string(kIssuer) + "/protocol/" + endpoint;
  for (const char* list : {"grant_types", "scopes", "claims", "token_endpoint_auth_methods", "acr_values"}) {
    boost::json::array values;
    for (int i = 0; i < 15; ++i) values.emplace_back("value_" + std::to_string(i));
    document[std::string(list) + "_supported"] = std::move(values);
  }
  document["response_types_supported"] = {"code", "id_token", "code id_token"};
  document["response_modes_supported"] = {"query", "fragment", "form_post"};
  document["code_challenge_methods_supported"] = {"plain", "S256"};
  document["id_token_signing_alg_values_supported"] = {"RS256", "ES256", "PS256"};
  return boost::json::serialize(document);
}

void judge_discovery_document(benchmark::State& state) {
  const std::string document = discovery_document();
  const std::string url = std::string(kIssuer) + "/.well-known/openid-configuration";
  for (auto _ : state) {
    const Discovery verdict = judge_document(document, url, model::Channel::back_channel);
    if (verdict.status != Discovery::Status::ok) {
      state.SkipWithError("a good document was refused");
      break;
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * document.size()));
}
BENCHMARK(judge_discovery_document);

}  // namespace
}  // namespace symbolon::upstream
