#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "model/requested_claims.h"
#include "model/sealed.h"

namespace symbolon::model {

/// One person's permission to one client, born at an authorization. Every code and token points to its grant, so that
/// revoking the grant revokes all of them at once (RFC 6749 §4.1.2).
struct Grant {
  TenantId tenant;
  GrantId id;
  ClientId client;
  UserId user;
  SessionId session;
  ConnectionId connection;
  std::string base_url;  ///< `{D}`; nothing issued on one is usable on another
  std::vector<std::string> scope;
  std::string audience;
  Instant created_at{}, auth_time{};
  std::string acr;
  std::vector<std::string> amr;
  std::optional<Instant> session_expiry;
  std::string login_claims;  ///< JSON object: attributes of this login that are not stored with the user (RP-73)
  RequestedClaims claims;
  std::optional<Instant> revoked_at;
  Instant expires_at{};      ///< when nothing issued under it can be alive any more; the sweeper's mark
};

/// An authorization code (RFC 6749 §4.1.2), stored by hash.
struct AuthorizationCode {
  CodeHash hash;
  GrantId grant;
  ClientId client;
  std::string base_url;
  std::string redirect_uri;
  bool redirect_uri_was_sent = true;
  std::string challenge, challenge_method;
  std::string nonce;
  Instant expires_at{};
};

/// An opaque access token, stored by hash.
struct AccessToken {
  AccessTokenHash hash;
  GrantId grant;
  ClientId client;
  UserId user;
  std::string base_url;
  std::vector<std::string> scope;
  Instant issued_at{}, expires_at{};
};

/// A refresh token, stored by hash. Rotation makes a chain; all of a chain share `family`.
struct RefreshToken {
  std::string id;      ///< public, for the Management API; not the value
  RefreshTokenHash hash;
  std::string family;
  GrantId grant;
  ClientId client;
  UserId user;
  SessionId session;   ///< kept after the session has died
  std::string base_url;
  bool rotating = false;
  bool online = false;  ///< dies with its session
  Instant created_at{}, last_used_at{};
  std::optional<Instant> expires_at, idle_expires_at;
  std::optional<Instant> replaced_at;  ///< when its successor was made; within the leeway it may be used again
  std::int64_t generation = 0;
};

}  // namespace symbolon::model
