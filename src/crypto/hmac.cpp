#include "crypto/hmac.h"

#include <openssl/core_names.h>

#include <stdexcept>

#include "crypto/openssl.h"

namespace symbolon::crypto {
namespace {

using OwnedMac = Owned<EVP_MAC, EVP_MAC_free>;
using OwnedMacContext = Owned<EVP_MAC_CTX, EVP_MAC_CTX_free>;

OwnedMacContext make_context() {
  static const OwnedMac algorithm(require(EVP_MAC_fetch(nullptr, "HMAC", nullptr), "EVP_MAC_fetch"));
  OwnedMacContext context(require(EVP_MAC_CTX_new(algorithm.get()), "EVP_MAC_CTX_new"));
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                   OSSL_PARAM_construct_end()};
  require_success(EVP_MAC_CTX_set_params(context.get(), parameters), "EVP_MAC_CTX_set_params");
  return context;
}

}  // namespace

Mac256 hmac_sha256_of(std::string_view key, std::initializer_list<std::string_view> parts) {
  if (key.empty()) throw std::invalid_argument("HMAC with an empty key");
  // Naming the digest costs as much as the MAC itself; a kept context names it once.
  thread_local const OwnedMacContext context = make_context();
  Mac256 out;
  std::size_t length = 0;
  require_success(EVP_MAC_init(context.get(), octets(key), key.size(), nullptr), "EVP_MAC_init");
  for (const std::string_view part : parts)
    require_success(EVP_MAC_update(context.get(), octets(part), part.size()), "EVP_MAC_update");
  require_success(EVP_MAC_final(context.get(), out.data(), &length, out.size()), "EVP_MAC_final");
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
  const Mac256 mac = hmac_sha256_of(key, {message});
  return {reinterpret_cast<const char*>(mac.data()), mac.size()};
}

}  // namespace symbolon::crypto
