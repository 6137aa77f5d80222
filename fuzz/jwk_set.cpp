// A JWK set of a provider: whatever it holds, a key that is taken is strong, public and comes out as it went in.

#include <boost/json.hpp>

#include "check.h"
#include "jose/key_set.h"
#include "jose/public_jwk.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace symbolon;
  const auto set = jose::KeySet::parse(view(bytes, size));
  if (!set) return 0;
  check(set->keys().size() + set->ignored().size() <= jose::kMaxKeys);
  for (const jose::Jwk& jwk : set->keys()) {
    check(jwk.key.type() != crypto::KeyType::rsa || (jwk.key.bits() >= 2048 && jwk.key.bits() <= 8192));
    check(!jwk.algorithm || crypto::fits(*jwk.algorithm, jwk.key.type()));
    const auto algorithm = crypto::default_algorithm(jwk.key.type());
    check(!jwk.key.verify(algorithm, "input", std::string(64, 's')));
    check(set->candidates(jwk.kid, algorithm).size() <= jose::kMaxCandidates);
    check(set->candidates(std::nullopt, algorithm).size() <= jose::kMaxCandidates);

    const auto again = jose::parse_jwk(jose::render_public_jwk(jwk.key, jwk.kid.value_or(""), jwk.algorithm));
    check(again && again->key.spki_der() == jwk.key.spki_der());
    check(crypto::PublicKey::from_spki_der(jwk.key.spki_der()).has_value());
  }
  return 0;
}
