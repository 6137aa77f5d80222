#pragma once

#include <expected>

#include "jose/algorithm_set.h"
#include "jose/jws.h"
#include "jose/key_set.h"

namespace symbolon::jose {

/// Checks the signature with keys that the caller's configuration names; the token chooses among them by `kid` and
/// never widens `allowed` (login-runtime V2, V3). On success the key that made it, which lives as long as `keys`.
/// JoseError::unknown_key means that no key fits, so a newer key set may help; a failed signature says otherwise.
[[nodiscard]] std::expected<const Jwk*, JoseError> verify(const Jws& jws, const KeySet& keys, AlgorithmSet allowed);

/// The same with the one key that can have made it, whatever `kid` says.
[[nodiscard]] std::expected<void, JoseError> verify(const Jws& jws, const crypto::PublicKey& key, AlgorithmSet allowed);

}  // namespace symbolon::jose
