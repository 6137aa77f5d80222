#include "login_storm/tokens.h"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>
#include <stdexcept>

#include "base/encoding.h"

namespace symbolon::bench {

std::string random_token() {
  std::array<unsigned char, 32> bytes;
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("no random bytes");
  return base64url_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string sha256(std::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string pkce_challenge(std::string_view verifier) { return base64url_encode(sha256(verifier)); }

}  // namespace symbolon::bench
