#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <limits>
#include <stdexcept>
#include <utility>

#include "crypto/fetched.h"
#include "crypto/key.h"
#include "crypto/key_handle.h"

namespace symbolon::crypto {
namespace {

using enum SignatureAlgorithm;
using OwnedMdContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using OwnedEcdsa = Owned<ECDSA_SIG, ECDSA_SIG_free>;

bool is_pss(SignatureAlgorithm algorithm) { return algorithm == PS256 || algorithm == PS384 || algorithm == PS512; }
bool is_ecdsa(SignatureAlgorithm algorithm) { return algorithm == ES256 || algorithm == ES384 || algorithm == ES512; }

// OpenSSL wants ECDSA signatures as DER, JOSE as r and s of fixed length. Empty when they cannot be numbers of `half`.
std::string to_der(std::string_view raw, std::size_t half) {
  if (raw.size() != 2 * half) return {};
  OwnedBignum r(require(BN_bin2bn(octets(raw), static_cast<int>(half), nullptr), "BN_bin2bn"));
  OwnedBignum s(require(BN_bin2bn(octets(raw) + half, static_cast<int>(half), nullptr), "BN_bin2bn"));
  const OwnedEcdsa pair(require(ECDSA_SIG_new(), "ECDSA_SIG_new"));
  require_success(ECDSA_SIG_set0(pair.get(), r.release(), s.release()), "ECDSA_SIG_set0");
  std::string der(2 * half + 16, '\0');
  unsigned char* end = octets(der);
  const int length = i2d_ECDSA_SIG(pair.get(), &end);
  require_success(length, "i2d_ECDSA_SIG");
  der.resize(static_cast<std::size_t>(length));
  return der;
}

std::string from_der(std::string_view der, std::size_t half) {
  const unsigned char* at = octets(der);
  const OwnedEcdsa pair(require(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), "d2i_ECDSA_SIG"));
  std::string raw(2 * half, '\0');
  require_success(BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), octets(raw), static_cast<int>(half)), "BN_bn2binpad");
  require_success(BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), octets(raw) + half, static_cast<int>(half)),
                  "BN_bn2binpad");
  return raw;
}

std::string sign_ed25519(const KeyHandle& key, std::string_view input) {
  const OwnedMdContext context(require(EVP_MD_CTX_new(), "EVP_MD_CTX_new"));
  require_success(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()), "EVP_DigestSignInit");
  std::string signature(64, '\0');
  std::size_t length = signature.size();
  require_success(EVP_DigestSign(context.get(), octets(signature), &length, octets(input), input.size()),
                  "EVP_DigestSign");
  return signature;
}

bool verify_ed25519(const KeyHandle& key, std::string_view input, std::string_view signature) {
  const OwnedMdContext context(require(EVP_MD_CTX_new(), "EVP_MD_CTX_new"));
  require_success(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()), "EVP_DigestVerifyInit");
  return EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(input), input.size()) == 1;
}

}  // namespace

KeyHandle::~KeyHandle() {
  for (Prepared& contexts : prepared_)
    for (std::atomic<EVP_PKEY_CTX*>& context : contexts) EVP_PKEY_CTX_free(context.load(std::memory_order_relaxed));
}

OwnedKeyContext KeyHandle::prepare(Operation operation, SignatureAlgorithm algorithm) const {
  OwnedKeyContext context(require(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr), "EVP_PKEY_CTX_new"));
  require_success(
      operation == Operation::sign ? EVP_PKEY_sign_init(context.get()) : EVP_PKEY_verify_init(context.get()),
      "EVP_PKEY signature initialisation");
  const EVP_MD* const hash = fetched(hash_of(algorithm));
  require_success(EVP_PKEY_CTX_set_signature_md(context.get(), hash), "EVP_PKEY_CTX_set_signature_md");
  if (type_ == KeyType::rsa) {
    const int padding = is_pss(algorithm) ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING;
    require_success(EVP_PKEY_CTX_set_rsa_padding(context.get(), padding), "EVP_PKEY_CTX_set_rsa_padding");
  }
  if (is_pss(algorithm)) {
    require_success(EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), hash), "EVP_PKEY_CTX_set_rsa_mgf1_md");
    require_success(EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), RSA_PSS_SALTLEN_DIGEST),
                    "EVP_PKEY_CTX_set_rsa_pss_saltlen");
  }
  return context;
}

OwnedKeyContext KeyHandle::context(Operation operation, SignatureAlgorithm algorithm) const {
  auto& slot = prepared_[static_cast<std::size_t>(operation)][static_cast<std::size_t>(algorithm)];
  EVP_PKEY_CTX* ready = slot.load(std::memory_order_acquire);
  if (ready == nullptr) {
    OwnedKeyContext made = prepare(operation, algorithm);
    if (slot.compare_exchange_strong(ready, made.get(), std::memory_order_acq_rel)) ready = made.release();
  }
  return OwnedKeyContext(require(EVP_PKEY_CTX_dup(ready), "EVP_PKEY_CTX_dup"));
}

std::string PrivateKey::sign(SignatureAlgorithm algorithm, std::string_view input) const {
  if (!fits(algorithm, type())) {
    throw std::invalid_argument("a key of type " + std::string(crypto::to_string(type())) + " cannot sign with " +
                                std::string(crypto::to_string(algorithm)));
  }
  if (algorithm == EdDSA) return sign_ed25519(*handle_, input);

  const std::string hash = digest(hash_of(algorithm), input);
  const OwnedKeyContext context = handle_->context(Operation::sign, algorithm);
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(handle_->get())), '\0');
  std::size_t length = signature.size();
  require_success(EVP_PKEY_sign(context.get(), octets(signature), &length, octets(hash), hash.size()), "EVP_PKEY_sign");
  signature.resize(length);
  return is_ecdsa(algorithm) ? from_der(signature, field_bytes(type())) : signature;
}

bool PublicKey::verify(SignatureAlgorithm algorithm, std::string_view input, std::string_view signature) const {
  if (!fits(algorithm, type())) return false;
  const ErrorScope scope;
  if (algorithm == EdDSA) return verify_ed25519(*handle_, input, signature);

  std::string der;
  if (is_ecdsa(algorithm)) {
    der = to_der(signature, field_bytes(type()));
    if (der.empty()) return false;
    signature = der;
  } else if (std::cmp_not_equal(signature.size(), EVP_PKEY_get_size(handle_->get()))) {
    // RFC 8017 §8.1.2; OpenSSL takes a PSS signature without its leading zeros.
    return false;
  }
  const std::string hash = digest(hash_of(algorithm), input);
  const OwnedKeyContext context = handle_->context(Operation::verify, algorithm);
  return EVP_PKEY_verify(context.get(), octets(signature), signature.size(), octets(hash), hash.size()) == 1;
}

}  // namespace symbolon::crypto
