#include "crypto/digest.h"

#include <array>

#include "crypto/fetched.h"

namespace symbolon::crypto {
namespace {

using OwnedDigest = Owned<EVP_MD, EVP_MD_free>;
using OwnedDigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

OwnedDigest fetch(const char* name) { return OwnedDigest(require(EVP_MD_fetch(nullptr, name, nullptr), name)); }

}  // namespace

const EVP_MD* fetched(Hash hash) {
  static const std::array<OwnedDigest, 4> all{fetch("SHA1"), fetch("SHA256"), fetch("SHA384"), fetch("SHA512")};
  return all[static_cast<std::size_t>(hash)].get();
}

std::string digest(Hash hash, std::string_view input) {
  thread_local const OwnedDigestContext context(require(EVP_MD_CTX_new(), "EVP_MD_CTX_new"));
  const EVP_MD* const algorithm = fetched(hash);
  std::string out(static_cast<std::size_t>(EVP_MD_get_size(algorithm)), '\0');
  require_success(EVP_DigestInit_ex2(context.get(), algorithm, nullptr), "EVP_DigestInit");
  require_success(EVP_DigestUpdate(context.get(), input.data(), input.size()), "EVP_DigestUpdate");
  require_success(EVP_DigestFinal_ex(context.get(), octets(out), nullptr), "EVP_DigestFinal");
  return out;
}

}  // namespace symbolon::crypto
