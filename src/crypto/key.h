#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "crypto/key_type.h"
#include "crypto/signature_algorithm.h"

namespace symbolon::crypto {

class KeyHandle;
class Certificate;

/// Big-endian, without leading zeros.
struct RsaComponents {
  std::string n;
  std::string e;
};

/// Big-endian, each as long as the curve's field: 32, 48 or 66 bytes.
struct EcComponents {
  std::string x;
  std::string y;
};

/// A key that signatures are checked with. Every maker refuses weak keys (RSA below 2048 bits, bad exponents, points
/// off the curve), so one that exists may be used. Immutable, cheap to copy, safe to share between threads.
class PublicKey {
 public:
  static std::expected<PublicKey, KeyError> from_rsa(std::string_view n, std::string_view e);
  /// `curve` is one of the ec_ types; x and y have exactly the length of its field (RFC 7518 §6.2.1.2).
  static std::expected<PublicKey, KeyError> from_ec(KeyType curve, std::string_view x, std::string_view y);
  static std::expected<PublicKey, KeyError> from_ed25519(std::string_view x);
  /// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
  static std::expected<PublicKey, KeyError> from_spki_der(std::string_view der);
  /// A `PUBLIC KEY` or a `CERTIFICATE` block; of a certificate only the key is looked at.
  static std::expected<PublicKey, KeyError> from_pem(std::string_view pem);

  KeyType type() const noexcept;
  int bits() const noexcept;

  std::string spki_der() const;
  std::string spki_pem() const;
  /// Each throws std::logic_error for a key of another type.
  RsaComponents rsa_components() const;
  EcComponents ec_components() const;
  std::string ed25519_x() const;

  /// False as well for an algorithm that does not fit the key. ECDSA signatures are r and s side by side (RFC 7518
  /// §3.4); PSS salts must be as long as the digest (§3.5).
  [[nodiscard]] bool verify(SignatureAlgorithm algorithm, std::string_view input, std::string_view signature) const;

 private:
  friend class PrivateKey;
  friend class Certificate;
  using Handle = std::expected<std::shared_ptr<const KeyHandle>, KeyError>;
  static std::expected<PublicKey, KeyError> from(Handle handle);
  explicit PublicKey(std::shared_ptr<const KeyHandle> handle) : handle_(std::move(handle)) {}
  std::shared_ptr<const KeyHandle> handle_;
};

/// A key that signs. Immutable, cheap to copy, safe to use from several threads at once.
class PrivateKey {
 public:
  /// `rsa_bits` is 2048, 3072 or 4096 and counts for RSA only. Slow: run it on a worker thread.
  static PrivateKey generate(KeyType type, int rsa_bits = 2048);
  /// PrivateKeyInfo, not encrypted (RFC 5208).
  static std::expected<PrivateKey, KeyError> from_pkcs8_der(std::string_view der);

  KeyType type() const noexcept;
  int bits() const noexcept;
  PublicKey public_key() const { return PublicKey(handle_); }

  Secret pkcs8_der() const;
  Secret pkcs8_pem() const;

  /// In the form that PublicKey::verify takes. Throws std::invalid_argument when the algorithm does not fit the key.
  std::string sign(SignatureAlgorithm algorithm, std::string_view input) const;

 private:
  friend class Certificate;
  explicit PrivateKey(std::shared_ptr<const KeyHandle> handle) : handle_(std::move(handle)) {}
  std::shared_ptr<const KeyHandle> handle_;
};

}  // namespace symbolon::crypto
