#pragma once

#include <boost/json/fwd.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace symbolon::bench {

enum class SigningAlgorithm { rs256, es256 };

/// As in RFC 7518 §3.1.
std::string_view jose_name(SigningAlgorithm algorithm);

/// The stub provider's private key: RSA-2048 or P-256. Signing is safe from several threads at once.
class Signer {
 public:
  static Signer generate(SigningAlgorithm algorithm);

  /// The key of that PEM file; a fresh one is written there (mode 0600) when the file does not exist. Throws
  /// std::runtime_error when the file holds a key of another kind.
  static Signer load_or_create(SigningAlgorithm algorithm, const std::filesystem::path& file);

  /// A compact JWS over `payload` (RFC 7515 §7.1) with alg, kid and typ in its header.
  std::string sign(std::string_view payload) const;

  /// The JWK Set with the public half (RFC 7517 §5).
  boost::json::object jwks() const;

  SigningAlgorithm algorithm() const { return algorithm_; }

 private:
  Signer(SigningAlgorithm algorithm, std::shared_ptr<void> key);

  SigningAlgorithm algorithm_;
  std::shared_ptr<void> key_;  ///< an EVP_PKEY; OpenSSL's headers stay out of this one
  std::string header_;         ///< base64url, with the dot that follows it
  std::string key_id_;
};

}  // namespace symbolon::bench
