#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/keyring.h"

namespace symbolon::crypto {

/// Seals values that leave our hands or lie at rest: cookies, tickets, stored secrets (AES-256-GCM, design §2 rule 9).
///
/// `purpose` is part of the derived key: what was sealed for one purpose never opens for another. `associated` must be
/// the same at both ends and is not stored; build it unambiguously, for example tenant, row id and column with a
/// separator that cannot occur in them. Safe to share between threads if `random` is.
class SecretBox {
 public:
  SecretBox(Keyring keyring, Random& random);

  /// Raw bytes, 41 more than `plaintext` has; different on every call.
  std::string seal(std::string_view purpose, std::string_view associated, std::string_view plaintext) const;

  /// nullopt when the value was changed, cut, sealed for another purpose or place, or with a key we do not hold.
  [[nodiscard]] std::optional<std::string> open(std::string_view purpose, std::string_view associated,
                                                std::string_view sealed) const;

  std::string current_key_id() const;

  /// True for a value that the current key did not seal: open it and seal it again before its key is dropped.
  bool needs_reseal(std::string_view sealed) const;

  /// Takes over a rotated keyring while others seal and open.
  void replace(Keyring keyring);

 private:
  std::shared_ptr<const Keyring> keyring() const;

  mutable std::mutex mutex_;
  std::shared_ptr<const Keyring> keyring_;
  Random& random_;
};

}  // namespace symbolon::crypto
