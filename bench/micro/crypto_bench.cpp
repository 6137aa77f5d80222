#include <benchmark/benchmark.h>

#include <string>

#include "crypto/key.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "crypto/secret_box.h"

namespace symbolon::crypto {
namespace {

using enum SignatureAlgorithm;

// As long as the signing input of an ordinary ID token.
const std::string kInput(700, 'x');
// As long as an ordinary login in flight.
const std::string kTicket(1200, 'x');

KeyType key_type_for(SignatureAlgorithm algorithm) {
  if (algorithm == ES256) return KeyType::ec_p256;
  return algorithm == EdDSA ? KeyType::ed25519 : KeyType::rsa;
}

void sign(benchmark::State& state, SignatureAlgorithm algorithm) {
  const PrivateKey key = PrivateKey::generate(key_type_for(algorithm));
  for (auto _ : state) benchmark::DoNotOptimize(key.sign(algorithm, kInput));
}
BENCHMARK_CAPTURE(sign, RS256, RS256);
BENCHMARK_CAPTURE(sign, PS256, PS256);
BENCHMARK_CAPTURE(sign, ES256, ES256);
BENCHMARK_CAPTURE(sign, EdDSA, EdDSA);

void verify(benchmark::State& state, SignatureAlgorithm algorithm) {
  const PrivateKey key = PrivateKey::generate(key_type_for(algorithm));
  const PublicKey public_key = key.public_key();
  const std::string signature = key.sign(algorithm, kInput);
  for (auto _ : state) {
    if (!public_key.verify(algorithm, kInput, signature)) {
      state.SkipWithError("a good signature was refused");
      break;
    }
  }
}
BENCHMARK_CAPTURE(verify, RS256, RS256);
BENCHMARK_CAPTURE(verify, PS256, PS256);
BENCHMARK_CAPTURE(verify, ES256, ES256);
BENCHMARK_CAPTURE(verify, EdDSA, EdDSA);

void seal(benchmark::State& state) {
  SystemRandom random;
  const SecretBox box(Keyring::generate(random), random);
  for (auto _ : state) benchmark::DoNotOptimize(box.seal("bench", "state", kTicket));
}
BENCHMARK(seal);

void open(benchmark::State& state) {
  SystemRandom random;
  const SecretBox box(Keyring::generate(random), random);
  const std::string sealed = box.seal("bench", "state", kTicket);
  for (auto _ : state) {
    if (!box.open("bench", "state", sealed)) {
      state.SkipWithError("a good seal was refused");
      break;
    }
  }
}
BENCHMARK(open);

}  // namespace
}  // namespace symbolon::crypto
