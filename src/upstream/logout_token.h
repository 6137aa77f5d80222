#pragma once

#include <expected>
#include <string>

#include "base/clock.h"
#include "jose/key_set.h"
#include "model/upstream_settings.h"

namespace symbolon::upstream {

/// A provider's word that somebody left (OpenID Connect Back-Channel Logout 1.0 §2.4).
struct LogoutToken {
  std::string issuer, jti;
  std::string subject, sid;     ///< one of them may be empty
  Instant replay_expires_at{};  ///< until when `jti` must not be taken again
};

struct LogoutTokenFailure {
  std::string why;                                  ///< for the log
  bool unknown_key = false, bad_signature = false;  ///< newer keys may help
};

/// The checks of login-runtime BC-21, in that order. Keys come from `keys` alone, algorithms from the settings alone.
/// Pure; single use of `jti` is decided by the store.
[[nodiscard]] std::expected<LogoutToken, LogoutTokenFailure> verify_logout_token(
    const std::string& compact, const jose::KeySet& keys, const model::UpstreamSettings& settings, Instant now);

}  // namespace symbolon::upstream
