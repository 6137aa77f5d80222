#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/secret.h"

namespace symbolon::crypto {

/// Length of a key id, which is lower-case hexadecimal.
inline constexpr std::size_t kKeyIdLength = 8;

/// A master key and the name that sealed values carry.
struct NamedKey {
  std::string id;
  Secret bytes;  ///< 32 of them
};

/// The master keys of an installation. The first one seals, all of them open, so that rotating keys needs no downtime:
/// add a key, reseal what is stored, then drop the old one. Immutable.
class Keyring {
 public:
  /// Throws std::invalid_argument unless there is a key, every id and length is right, and no id occurs twice.
  explicit Keyring(std::vector<NamedKey> keys);

  static Keyring generate(Random& random);

  const NamedKey& current() const noexcept { return keys_.front(); }
  const NamedKey* find(std::string_view id) const noexcept;
  const std::vector<NamedKey>& keys() const noexcept { return keys_; }

  /// A keyring with a new current key; today's keys only open from then on.
  Keyring rotated(Random& random) const;

  /// A keyring that has forgotten `id`: what it sealed is lost. Throws std::invalid_argument for the current key.
  Keyring without(std::string_view id) const;

 private:
  std::vector<NamedKey> keys_;
};

}  // namespace symbolon::crypto
