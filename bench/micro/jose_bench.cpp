#include <benchmark/benchmark.h>

#include <boost/json.hpp>
#include <string>

#include "crypto/key.h"
#include "jose/public_jwk.h"
#include "jose/sign.h"
#include "jose/verify.h"

namespace symbolon::jose {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;
using crypto::SignatureAlgorithm;

const boost::json::object kClaims{{"iss", "https://idp.example/"},
                                  {"sub", "oidc|acme|00u1a2b3c4d5e6f7g8h9"},
                                  {"aud", "7MUbS0Wd2vKPzFqYqX1rJ8nA4hE5cT6L"},
                                  {"iat", 1800000000},
                                  {"exp", 1800036000},
                                  {"nonce", "pDgbnXmVqFcHkWmTjQz2sLrY8uA0eB4iN6oC1xKfR3w"},
                                  {"sid", "s7Zq1uKfR3wpDgbnXmVqFcHkWmTjQz2s"},
                                  {"auth_time", 1800000000},
                                  {"name", "Zoé Example"},
                                  {"email", "zoe@acme.example"},
                                  {"email_verified", true}};

PrivateKey key_for(SignatureAlgorithm algorithm) {
  return PrivateKey::generate(algorithm == SignatureAlgorithm::ES256 ? KeyType::ec_p256 : KeyType::rsa);
}

std::string key_set_of(const PrivateKey& key, SignatureAlgorithm algorithm) {
  const boost::json::array keys{render_public_jwk(key.public_key(), "k1", algorithm)};
  return boost::json::serialize(boost::json::object{{"keys", keys}});
}

void make_id_token(benchmark::State& state, SignatureAlgorithm algorithm) {
  const PrivateKey key = key_for(algorithm);
  for (auto _ : state) benchmark::DoNotOptimize(sign_jwt(key, algorithm, "k1", "JWT", kClaims));
}
BENCHMARK_CAPTURE(make_id_token, RS256, SignatureAlgorithm::RS256);
BENCHMARK_CAPTURE(make_id_token, ES256, SignatureAlgorithm::ES256);

/// From the compact text to the claims: parse, choose the key, verify, read.
void read_id_token(benchmark::State& state, SignatureAlgorithm algorithm) {
  const PrivateKey key = key_for(algorithm);
  const std::string token = sign_jwt(key, algorithm, "k1", "JWT", kClaims);
  const KeySet keys = KeySet::parse(key_set_of(key, algorithm)).value();
  for (auto _ : state) {
    const auto jws = Jws::parse(token);
    if (!jws || !verify(*jws, keys, kDefaultUpstreamAlgorithms)) {
      state.SkipWithError("a good token was refused");
      break;
    }
    benchmark::DoNotOptimize(jws->payload());
  }
}
BENCHMARK_CAPTURE(read_id_token, RS256, SignatureAlgorithm::RS256);
BENCHMARK_CAPTURE(read_id_token, ES256, SignatureAlgorithm::ES256);

void parse_key_set(benchmark::State& state) {
  const std::string text = key_set_of(key_for(SignatureAlgorithm::RS256), SignatureAlgorithm::RS256);
  for (auto _ : state) benchmark::DoNotOptimize(KeySet::parse(text));
}
BENCHMARK(parse_key_set);

}  // namespace
}  // namespace symbolon::jose
