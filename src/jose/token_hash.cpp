#include "jose/token_hash.h"

#include "base/encoding.h"
#include "crypto/digest.h"
#include "crypto/equal.h"

namespace symbolon::jose {

std::string token_hash(crypto::SignatureAlgorithm algorithm, std::string_view token) {
  const std::string whole = crypto::digest(crypto::hash_of(algorithm), token);
  return base64url_encode(std::string_view(whole).substr(0, whole.size() / 2));
}

bool matches_token_hash(std::string_view hash, crypto::SignatureAlgorithm algorithm, std::string_view token) {
  return crypto::constant_time_equal(hash, token_hash(algorithm, token));
}

}  // namespace symbolon::jose
