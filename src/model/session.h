#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "model/sealed.h"

namespace symbolon::model {

/// A browser that is signed in (login-runtime §5). The cookie's value is stored as a hash only; `id` is the public
/// `sid`, which survives a change of the cookie.
struct Session {
  TenantId tenant;
  SessionId id;
  UserId user;
  ConnectionId connection;  ///< through which the person signed in; decides single sign-on (SE-24)
  std::string base_url;     ///< `{D}` on which it was made; worth nothing on another
  SessionCookieHash cookie;
  SessionCookieHash previous_cookie;  ///< may still read until `previous_cookie_until` (SE-3)
  Instant previous_cookie_until{};
  Instant created_at{}, updated_at{}, authenticated_at{}, last_interacted_at{};
  Instant idle_expires_at{}, expires_at{};
  bool persistent = true;
  std::optional<Instant> upstream_expiry;  ///< `session_expiry` of the provider (SE-30)
  std::string upstream_issuer, upstream_subject, upstream_sid;
  SealedSecret upstream_id_token;  ///< purpose "upstream-id-token", associated data "tenant|sid"
  std::string acr;
  std::vector<std::string> amr;
  std::string initial_user_agent, initial_ip, last_user_agent, last_ip;
  std::vector<ClientId> clients;   ///< that got tokens in it (AZ-33)
  std::string metadata;            ///< JSON object; empty when none

  bool is_live(Instant now) const { return now < idle_expires_at && now < expires_at; }
};

}  // namespace symbolon::model
