#include "crypto/equal.h"

#include <openssl/crypto.h>

#include "base/secret.h"

namespace symbolon::crypto {

bool constant_time_equal(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool constant_time_equal(const Secret& a, const Secret& b) noexcept {
  return constant_time_equal(std::string_view(a.reveal()), std::string_view(b.reveal()));
}

bool constant_time_equal(const Secret& a, std::string_view b) noexcept {
  return constant_time_equal(std::string_view(a.reveal()), b);
}

}  // namespace symbolon::crypto
