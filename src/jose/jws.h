#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/signature_algorithm.h"
#include "jose/jose_error.h"

namespace symbolon::jose {

inline constexpr std::size_t kMaxCompactBytes = 64 * 1024;

/// A signed token that is well-formed; whether it is genuine says verify() (jose/verify.h).
///
/// Only `alg`, `kid` and `typ` of the header have a meaning here. Keys in it (`jwk`, `jku`, `x5c`, `x5u`) are ignored:
/// whoever forges a token can put his own there (threats T6).
class Jws {
 public:
  /// The compact form alone (RFC 7515 §3.1).
  [[nodiscard]] static std::expected<Jws, JoseError> parse(std::string compact);

  crypto::SignatureAlgorithm algorithm() const noexcept { return algorithm_; }
  const std::optional<std::string>& key_id() const noexcept { return key_id_; }
  const std::optional<std::string>& type() const noexcept { return type_; }
  /// Compares `typ` without regard to case and to a leading `application/` (RFC 7515 §4.1.9). False when absent.
  bool has_type(std::string_view wanted) const;

  const std::string& compact() const noexcept { return compact_; }
  std::string_view signing_input() const noexcept { return std::string_view(compact_).substr(0, signature_dot_); }
  const std::string& signature() const noexcept { return signature_; }
  std::string header_json() const;

  /// The claims (RFC 7519 §7.2). They prove nothing before verify() has succeeded; before that they may only choose
  /// whose keys to verify with, or be shown to an administrator as received.
  [[nodiscard]] std::expected<boost::json::object, JoseError> payload() const;

 private:
  Jws() = default;
  std::expected<void, JoseError> read_header();

  std::string compact_;
  std::size_t header_dot_ = 0, signature_dot_ = 0;
  std::string signature_;
  crypto::SignatureAlgorithm algorithm_{};
  std::optional<std::string> key_id_, type_;
};

}  // namespace symbolon::jose
