#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>

#include "crypto/key.h"
#include "crypto/key_handle.h"

namespace symbolon::crypto {
namespace {

using OwnedPkcs8 = Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;

OwnedKey generate_key(KeyType type, int rsa_bits) {
  switch (type) {
    case KeyType::rsa:
      if (rsa_bits != 2048 && rsa_bits != 3072 && rsa_bits != 4096)
        throw std::invalid_argument("RSA keys are made with 2048, 3072 or 4096 bits");
      return OwnedKey(EVP_RSA_gen(static_cast<unsigned>(rsa_bits)));
    case KeyType::ec_p256:
    case KeyType::ec_p384:
    case KeyType::ec_p521:
      return OwnedKey(EVP_EC_gen(group_name(type)));
    case KeyType::ed25519:
      return OwnedKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  }
  throw std::logic_error("KeyType outside its enumerators");
}

// A public key in private clothes would only fail when it has to sign.
bool can_sign(const EVP_PKEY& key, KeyType type) {
  if (type == KeyType::ed25519) {
    std::size_t length = 0;
    return EVP_PKEY_get_raw_private_key(&key, nullptr, &length) == 1 && length > 0;
  }
  BIGNUM* number = nullptr;
  const char* const name = type == KeyType::rsa ? OSSL_PKEY_PARAM_RSA_D : OSSL_PKEY_PARAM_PRIV_KEY;
  const bool found = EVP_PKEY_get_bn_param(&key, name, &number) == 1;
  BN_clear_free(number);
  return found;
}

}  // namespace

PrivateKey PrivateKey::generate(KeyType type, int rsa_bits) {
  OwnedKey key = generate_key(type, rsa_bits);
  auto handle = accept_key(OwnedKey(require(key.release(), "key generation")));
  if (!handle)
    throw std::runtime_error("a generated key was refused: " + std::string(crypto::to_string(handle.error())));
  return PrivateKey(std::move(*handle));
}

std::expected<PrivateKey, KeyError> PrivateKey::from_pkcs8_der(std::string_view der) {
  const ErrorScope scope;
  const unsigned char* end = octets(der);
  const OwnedPkcs8 content(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &end, static_cast<long>(der.size())));
  if (!content || end != octets(der) + der.size()) return std::unexpected(KeyError::malformed);
  auto handle = accept_key(OwnedKey(EVP_PKCS82PKEY(content.get())));
  if (!handle) return std::unexpected(handle.error());
  if (!can_sign(*(*handle)->get(), (*handle)->type())) return std::unexpected(KeyError::malformed);
  return PrivateKey(std::move(*handle));
}

KeyType PrivateKey::type() const noexcept { return handle_->type(); }
int PrivateKey::bits() const noexcept { return handle_->bits(); }

Secret PrivateKey::pkcs8_der() const {
  const OwnedPkcs8 content(require(EVP_PKEY2PKCS8(handle_->get()), "EVP_PKEY2PKCS8"));
  const int length = i2d_PKCS8_PRIV_KEY_INFO(content.get(), nullptr);
  require_success(length, "i2d_PKCS8_PRIV_KEY_INFO");
  std::string out(static_cast<std::size_t>(length), '\0');
  unsigned char* end = octets(out);
  require_success(i2d_PKCS8_PRIV_KEY_INFO(content.get(), &end), "i2d_PKCS8_PRIV_KEY_INFO");
  return Secret(std::move(out));
}

Secret PrivateKey::pkcs8_pem() const {
  const OwnedBio out(require(BIO_new(BIO_s_secmem()), "BIO_new"));
  require_success(PEM_write_bio_PKCS8PrivateKey(out.get(), handle_->get(), nullptr, nullptr, 0, nullptr, nullptr),
                  "PEM_write_bio_PKCS8PrivateKey");
  return Secret(written(*out));
}

}  // namespace symbolon::crypto
