#include "jose/verify.h"

namespace symbolon::jose {

std::expected<const Jwk*, JoseError> verify(const Jws& jws, const KeySet& keys, AlgorithmSet allowed) {
  if (!allowed.contains(jws.algorithm())) return std::unexpected(JoseError::forbidden_algorithm);
  const auto candidates = keys.candidates(jws.key_id(), jws.algorithm());
  if (candidates.empty()) return std::unexpected(JoseError::unknown_key);
  for (const Jwk* candidate : candidates)
    if (candidate->key.verify(jws.algorithm(), jws.signing_input(), jws.signature())) return candidate;
  return std::unexpected(JoseError::signature);
}

std::expected<void, JoseError> verify(const Jws& jws, const crypto::PublicKey& key, AlgorithmSet allowed) {
  if (!allowed.contains(jws.algorithm())) return std::unexpected(JoseError::forbidden_algorithm);
  if (!crypto::fits(jws.algorithm(), key.type())) return std::unexpected(JoseError::unknown_key);
  if (!key.verify(jws.algorithm(), jws.signing_input(), jws.signature())) return std::unexpected(JoseError::signature);
  return {};
}

}  // namespace symbolon::jose
