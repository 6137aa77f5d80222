#pragma once

// For the files of crypto/ only.

#include <array>
#include <atomic>
#include <expected>

#include "crypto/key_type.h"
#include "crypto/openssl.h"
#include "crypto/signature_algorithm.h"

namespace symbolon::crypto {

enum class Operation { sign, verify };

/// An EVP_PKEY that passed check_strength(), with ready-made contexts for its algorithms.
///
/// Setting a context up costs about 3 µs of look-ups and locks in OpenSSL 3.0, a fifth of an RSA verification; copying
/// one that is set up costs almost nothing and, like all use of an EVP_PKEY, is safe from several threads.
class KeyHandle {
 public:
  KeyHandle(OwnedKey key, KeyType type) : key_(std::move(key)), type_(type) {}
  ~KeyHandle();
  KeyHandle(const KeyHandle&) = delete;
  KeyHandle& operator=(const KeyHandle&) = delete;

  EVP_PKEY* get() const noexcept { return key_.get(); }
  KeyType type() const noexcept { return type_; }
  int bits() const noexcept { return EVP_PKEY_get_bits(key_.get()); }

  /// A context of the caller's own for RSA and ECDSA signatures of a digest.
  OwnedKeyContext context(Operation operation, SignatureAlgorithm algorithm) const;

 private:
  using Prepared = std::array<std::atomic<EVP_PKEY_CTX*>, kSignatureAlgorithms>;

  OwnedKeyContext prepare(Operation operation, SignatureAlgorithm algorithm) const;

  OwnedKey key_;
  KeyType type_;
  mutable std::array<Prepared, 2> prepared_{};
};

/// Takes a key of a supported type and sufficient strength.
std::expected<std::shared_ptr<const KeyHandle>, KeyError> accept_key(OwnedKey key);

/// The type, or why the key must not be used.
std::expected<KeyType, KeyError> check_strength(const EVP_PKEY& key);

/// OpenSSL's name of an elliptic curve's group.
const char* group_name(KeyType curve);

/// Bytes of one coordinate, and of r and s.
std::size_t field_bytes(KeyType curve);

}  // namespace symbolon::crypto
