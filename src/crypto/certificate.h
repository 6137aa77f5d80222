#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "crypto/key.h"

namespace symbolon::crypto {

struct Validity {
  Instant from;
  Instant until;
};

/// An X.509 certificate that we made (RFC 5280). Immutable.
class Certificate {
 public:
  /// For `x5c` of a signing key: issued by the key itself to `common_name`, of which 64 bytes are kept.
  static Certificate self_signed(const PrivateKey& key, std::string_view common_name, Validity validity,
                                 Random& random);

  /// A certification authority that may only issue server certificates directly.
  static Certificate authority(const PrivateKey& key, std::string_view common_name, Validity validity, Random& random);

  /// A TLS server certificate. `hosts` are DNS names and IP addresses; throws std::invalid_argument when there is none
  /// or one contains a character that neither may have.
  static Certificate server(const PublicKey& key, const std::vector<std::string>& hosts, Validity validity,
                            const Certificate& issuer, const PrivateKey& issuer_key, Random& random);

  const std::string& der() const noexcept { return der_; }
  std::string pem() const;
  /// The certificate alone in a PKCS #7 envelope, the form in which some administrators' tools import keys.
  std::string pkcs7_pem() const;

  /// Raw digests of the DER: 20 and 32 bytes.
  std::string sha1_fingerprint() const;
  std::string sha256_fingerprint() const;

  /// End of its validity.
  Instant expires_at() const;
  /// The subject in one line, `/C=DE/O=Example/CN=app`, as administrators' tools print it.
  std::string subject() const;

  /// Take a stored certificate back; throw std::invalid_argument when it is none.
  static Certificate from_der(std::string der);
  static Certificate from_pem(std::string_view pem);

 private:
  explicit Certificate(std::string der) : der_(std::move(der)) {}
  std::string der_;
};

}  // namespace symbolon::crypto
