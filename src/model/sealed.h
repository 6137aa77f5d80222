#pragma once

#include <string>

namespace symbolon::model {

/// A secret as it is stored: encrypted by crypto::SecretBox for one purpose and one record. Opened only where it is
/// used; nothing in model/ or store/ can read it.
struct SealedSecret {
  std::string bytes;
  bool empty() const noexcept { return bytes.empty(); }
};

/// SHA-256 of a random value that only needs comparing. Each kind is a type of its own, so that a refresh token's
/// hash cannot be looked up among codes (threats T17, T24).
template <class Tag>
struct Hash {
  std::string bytes;  ///< 32 bytes
  bool empty() const noexcept { return bytes.empty(); }
  friend bool operator==(const Hash&, const Hash&) = default;
};
using CodeHash = Hash<struct CodeTag>;
using AccessTokenHash = Hash<struct AccessTokenTag>;
using RefreshTokenHash = Hash<struct RefreshTokenTag>;
using SessionCookieHash = Hash<struct SessionCookieTag>;
using ClientSecretHash = Hash<struct ClientSecretTag>;
using TicketHash = Hash<struct TicketTag>;
using ServiceTokenHash = Hash<struct ServiceTokenTag>;

}  // namespace symbolon::model
