#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jose/jwk.h"

namespace symbolon::jose {

inline constexpr std::size_t kMaxKeySetBytes = 512 * 1024;
inline constexpr std::size_t kMaxKeys = 100;
/// A token without `kid` makes us try this many keys at most (login-runtime RP-12).
inline constexpr std::size_t kMaxCandidates = 8;

enum class KeySetError {
  too_long,       ///< more than 512 KiB
  not_json,       ///< not JSON with unique members
  no_keys,        ///< not an object with an array `keys`
  too_many_keys,  ///< more than 100
};
std::string_view to_string(KeySetError error);

/// The keys that one issuer has published. Immutable, cheap to copy, safe to share between threads.
class KeySet {
 public:
  KeySet() : KeySet(std::vector<Jwk>()) {}
  explicit KeySet(std::vector<Jwk> keys);

  /// Reads a JWK set (RFC 7517 §5). Keys that cannot be used are left out and listed in ignored().
  [[nodiscard]] static std::expected<KeySet, KeySetError> parse(std::string_view text);

  /// The keys that a signature with this `kid` and algorithm may come from: those of exactly that `kid`, or without one
  /// all that fit, at most eight. They live as long as the set or a copy of it.
  std::vector<const Jwk*> candidates(const std::optional<std::string>& kid, crypto::SignatureAlgorithm algorithm) const;

  const std::vector<Jwk>& keys() const noexcept { return content_->keys; }

  struct Ignored {
    std::size_t index;  ///< place in the array `keys`
    std::string kid;    ///< empty when it has none
    JwkError why;
  };
  const std::vector<Ignored>& ignored() const noexcept { return content_->ignored; }

 private:
  struct Content {
    std::vector<Jwk> keys;
    std::vector<Ignored> ignored;
  };
  explicit KeySet(std::shared_ptr<const Content> content) : content_(std::move(content)) {}

  std::shared_ptr<const Content> content_;
};

}  // namespace symbolon::jose
