#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <stdexcept>

#include "crypto/key.h"
#include "crypto/key_handle.h"

namespace symbolon::crypto {
namespace {

using OwnedBuilder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using OwnedParameters = Owned<OSSL_PARAM, OSSL_PARAM_free>;

// Longer than any key that accept_key() takes.
constexpr std::size_t kMaxNumberBytes = 2048;
constexpr std::size_t kMaxEncodedBytes = 16 * 1024;

OwnedKey from_parameters(const char* type, OSSL_PARAM_BLD& builder) {
  const OwnedParameters parameters(require(OSSL_PARAM_BLD_to_param(&builder), "OSSL_PARAM_BLD_to_param"));
  const OwnedKeyContext context(require(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr), "EVP_PKEY_CTX_new"));
  require_success(EVP_PKEY_fromdata_init(context.get()), "EVP_PKEY_fromdata_init");
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get());
  return OwnedKey(key);
}

std::string octet_parameter(const EVP_PKEY& key, const char* name) {
  BIGNUM* value = nullptr;
  require_success(EVP_PKEY_get_bn_param(&key, name, &value), name);
  const OwnedBignum number(value);
  std::string out(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
  BN_bn2bin(number.get(), octets(out));
  return out;
}

std::string padded_to(std::size_t length, std::string number) {
  if (number.size() < length) number.insert(0, length - number.size(), '\0');
  return number;
}

void require_type(bool right) {
  if (!right) throw std::logic_error("the key is of another type");
}

}  // namespace

std::string_view to_string(KeyType type) {
  switch (type) {
    case KeyType::rsa:
      return "RSA";
    case KeyType::ec_p256:
      return "P-256";
    case KeyType::ec_p384:
      return "P-384";
    case KeyType::ec_p521:
      return "P-521";
    case KeyType::ed25519:
      return "Ed25519";
  }
  throw std::logic_error("KeyType outside its enumerators");
}

std::string_view to_string(KeyError error) {
  switch (error) {
    case KeyError::malformed:
      return "malformed key";
    case KeyError::unsupported:
      return "unsupported kind of key";
    case KeyError::too_small:
      return "RSA key below 2048 bits";
    case KeyError::too_large:
      return "RSA key above 8192 bits";
    case KeyError::weak:
      return "weak RSA key";
    case KeyError::not_on_curve:
      return "point not on the curve";
  }
  throw std::logic_error("KeyError outside its enumerators");
}

const char* group_name(KeyType curve) {
  switch (curve) {
    case KeyType::ec_p256:
      return "prime256v1";
    case KeyType::ec_p384:
      return "secp384r1";
    case KeyType::ec_p521:
      return "secp521r1";
    case KeyType::rsa:
    case KeyType::ed25519:
      break;
  }
  throw std::logic_error("not an elliptic curve of JWA");
}

std::size_t field_bytes(KeyType curve) {
  switch (curve) {
    case KeyType::ec_p256:
      return 32;
    case KeyType::ec_p384:
      return 48;
    case KeyType::ec_p521:
      return 66;
    case KeyType::rsa:
    case KeyType::ed25519:
      break;
  }
  throw std::logic_error("not an elliptic curve of JWA");
}

std::expected<PublicKey, KeyError> PublicKey::from(Handle handle) {
  if (!handle) return std::unexpected(handle.error());
  return PublicKey(std::move(*handle));
}

std::expected<PublicKey, KeyError> PublicKey::from_rsa(std::string_view n, std::string_view e) {
  if (n.empty() || e.empty()) return std::unexpected(KeyError::malformed);
  if (n.size() > kMaxNumberBytes || e.size() > kMaxNumberBytes) return std::unexpected(KeyError::too_large);
  const ErrorScope scope;
  const OwnedBignum modulus(require(BN_bin2bn(octets(n), static_cast<int>(n.size()), nullptr), "BN_bin2bn"));
  const OwnedBignum exponent(require(BN_bin2bn(octets(e), static_cast<int>(e.size()), nullptr), "BN_bin2bn"));
  const OwnedBuilder builder(require(OSSL_PARAM_BLD_new(), "OSSL_PARAM_BLD_new"));
  require_success(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()), "RSA modulus");
  require_success(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()), "RSA exponent");
  return from(accept_key(from_parameters("RSA", *builder)));
}

std::expected<PublicKey, KeyError> PublicKey::from_ec(KeyType curve, std::string_view x, std::string_view y) {
  const std::size_t length = field_bytes(curve);
  if (x.size() != length || y.size() != length) return std::unexpected(KeyError::malformed);
  const ErrorScope scope;
  std::string point("\x04");  // uncompressed (SEC 1 §2.3.3)
  point.append(x).append(y);
  const OwnedBuilder builder(require(OSSL_PARAM_BLD_new(), "OSSL_PARAM_BLD_new"));
  require_success(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group_name(curve), 0),
                  "EC group");
  require_success(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
                  "EC point");
  OwnedKey key = from_parameters("EC", *builder);
  if (!key) return std::unexpected(KeyError::not_on_curve);
  return from(accept_key(std::move(key)));
}

std::expected<PublicKey, KeyError> PublicKey::from_ed25519(std::string_view x) {
  if (x.size() != 32) return std::unexpected(KeyError::malformed);
  const ErrorScope scope;
  OwnedKey key(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, octets(x), x.size()));
  return from(accept_key(std::move(key)));
}

std::expected<PublicKey, KeyError> PublicKey::from_spki_der(std::string_view der) {
  if (der.size() > kMaxEncodedBytes) return std::unexpected(KeyError::too_large);
  const ErrorScope scope;
  const unsigned char* end = octets(der);
  OwnedKey key(d2i_PUBKEY(nullptr, &end, static_cast<long>(der.size())));
  if (end != octets(der) + der.size()) return std::unexpected(KeyError::malformed);
  return from(accept_key(std::move(key)));
}

std::expected<PublicKey, KeyError> PublicKey::from_pem(std::string_view pem) {
  if (pem.size() > kMaxEncodedBytes) return std::unexpected(KeyError::too_large);
  const ErrorScope scope;
  OwnedKey key(PEM_read_bio_PUBKEY(read_from(pem).get(), nullptr, no_password, nullptr));
  if (!key) {
    const OwnedX509 certificate(PEM_read_bio_X509(read_from(pem).get(), nullptr, no_password, nullptr));
    if (certificate) key.reset(X509_get_pubkey(certificate.get()));
  }
  return from(accept_key(std::move(key)));
}

KeyType PublicKey::type() const noexcept { return handle_->type(); }
int PublicKey::bits() const noexcept { return handle_->bits(); }

std::string PublicKey::spki_der() const {
  const int length = i2d_PUBKEY(handle_->get(), nullptr);
  require_success(length, "i2d_PUBKEY");
  std::string out(static_cast<std::size_t>(length), '\0');
  unsigned char* end = octets(out);
  require_success(i2d_PUBKEY(handle_->get(), &end), "i2d_PUBKEY");
  return out;
}

std::string PublicKey::spki_pem() const {
  const OwnedBio out = write_to_memory();
  require_success(PEM_write_bio_PUBKEY(out.get(), handle_->get()), "PEM_write_bio_PUBKEY");
  return written(*out);
}

RsaComponents PublicKey::rsa_components() const {
  require_type(type() == KeyType::rsa);
  return {octet_parameter(*handle_->get(), OSSL_PKEY_PARAM_RSA_N),
          octet_parameter(*handle_->get(), OSSL_PKEY_PARAM_RSA_E)};
}

EcComponents PublicKey::ec_components() const {
  const std::size_t length = field_bytes(type());
  return {padded_to(length, octet_parameter(*handle_->get(), OSSL_PKEY_PARAM_EC_PUB_X)),
          padded_to(length, octet_parameter(*handle_->get(), OSSL_PKEY_PARAM_EC_PUB_Y))};
}

std::string PublicKey::ed25519_x() const {
  require_type(type() == KeyType::ed25519);
  std::string out(32, '\0');
  std::size_t length = out.size();
  require_success(EVP_PKEY_get_raw_public_key(handle_->get(), octets(out), &length), "EVP_PKEY_get_raw_public_key");
  return out;
}

}  // namespace symbolon::crypto
