#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"
#include "model/sealed.h"

namespace symbolon::model {

/// Life of a key (login-runtime KEY-2): next is published before use, previous until its tokens have expired.
enum class KeyState { next, current, previous, revoked };
std::string_view to_string(KeyState value);
bool from_text(std::string_view text, KeyState& value);

/// A key that we sign with. `owner` is empty for the tenant's own keys and a connection's id for those of
/// private_key_jwt towards that connection's provider.
struct SigningKey {
  TenantId tenant;
  std::string owner;
  std::string kid;        ///< unique for ever
  std::string algorithm;  ///< RS256, ES256, …
  KeyState state = KeyState::next;
  SealedSecret private_key;  ///< PKCS#8 DER; purpose "signing-key", associated data "tenant|kid"
  std::string certificate;   ///< PEM, self-signed
  std::string public_jwk;    ///< JSON object as published
  Instant created_at{};
  std::optional<Instant> current_since, current_until, revoked_at;
};

}  // namespace symbolon::model
