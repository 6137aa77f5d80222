#include <openssl/core_names.h>

#include <array>
#include <cstdint>

#include "crypto/key_handle.h"

namespace symbolon::crypto {
namespace {

constexpr int kLeastRsaBits = 2048;
constexpr int kMostRsaBits = 8192;
constexpr int kMostExponentBits = 64;

OwnedBignum number(const EVP_PKEY& key, const char* name) {
  BIGNUM* value = nullptr;
  EVP_PKEY_get_bn_param(&key, name, &value);
  return OwnedBignum(value);
}

// ROCA (CVE-2017-15361): a flawed generator made primes that are powers of 65537 modulo each of these; so is their
// product, and a modulus with that trait in all of them can be factored.
bool has_roca_trait(const BIGNUM& modulus) {
  static constexpr std::array<std::uint8_t, 38> kPrimes{3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,
                                                        47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103,
                                                        107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};
  for (const unsigned prime : kPrimes) {
    const BN_ULONG remainder = BN_mod_word(&modulus, prime);
    const unsigned generator = 65537 % prime;
    unsigned power = 1;
    bool in_group = false;
    do {
      in_group = power == remainder;
      power = power * generator % prime;
    } while (!in_group && power != 1);
    if (!in_group) return false;
  }
  return true;
}

std::expected<KeyType, KeyError> check_rsa(const EVP_PKEY& key) {
  const int bits = EVP_PKEY_get_bits(&key);
  if (bits < kLeastRsaBits) return std::unexpected(KeyError::too_small);
  if (bits > kMostRsaBits) return std::unexpected(KeyError::too_large);
  const OwnedBignum modulus = number(key, OSSL_PKEY_PARAM_RSA_N);
  const OwnedBignum exponent = number(key, OSSL_PKEY_PARAM_RSA_E);
  if (!modulus || !exponent) return std::unexpected(KeyError::malformed);
  if (!BN_is_odd(modulus.get()) || !BN_is_odd(exponent.get()) || BN_is_one(exponent.get()) ||
      BN_num_bits(exponent.get()) > kMostExponentBits || has_roca_trait(*modulus))
    return std::unexpected(KeyError::weak);
  return KeyType::rsa;
}

std::expected<KeyType, KeyError> check_ec(const EVP_PKEY& key) {
  // A curve spelled out by its parameters could differ from the named one in its generator (CVE-2020-0601).
  int spelled_out = 0;
  EVP_PKEY_get_int_param(&key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &spelled_out);
  std::array<char, 64> name{};
  if (spelled_out != 0 || EVP_PKEY_get_group_name(&key, name.data(), name.size(), nullptr) != 1)
    return std::unexpected(KeyError::unsupported);
  for (const KeyType curve : {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521})
    if (std::string_view(name.data()) == group_name(curve)) return curve;
  return std::unexpected(KeyError::unsupported);
}

}  // namespace

std::expected<KeyType, KeyError> check_strength(const EVP_PKEY& key) {
  if (EVP_PKEY_is_a(&key, "RSA")) return check_rsa(key);
  if (EVP_PKEY_is_a(&key, "EC")) return check_ec(key);
  if (EVP_PKEY_is_a(&key, "ED25519")) return KeyType::ed25519;
  return std::unexpected(KeyError::unsupported);
}

std::expected<std::shared_ptr<const KeyHandle>, KeyError> accept_key(OwnedKey key) {
  if (!key) return std::unexpected(KeyError::malformed);
  const auto type = check_strength(*key);
  if (!type) return std::unexpected(type.error());
  return std::make_shared<const KeyHandle>(std::move(key), *type);
}

}  // namespace symbolon::crypto
