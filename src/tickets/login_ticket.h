#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"
#include "crypto/secret_box.h"
#include "model/authorization_request.h"
#include "model/upstream_settings.h"

namespace symbolon::tickets {

/// What a finished trip to the provider is for. One is never accepted as another.
enum class LoginPurpose { login, try_connection, link_account };

/// The provider as it was when the browser left (login-runtime RP-41): a connection edited meanwhile ends the login
/// instead of sending a code or secret to a place that was not chosen at the start (SEC-11).
struct UpstreamSnapshot {
  ConnectionId connection;
  std::string connection_name;
  model::Channel channel = model::Channel::back_channel;
  std::string issuer, token_endpoint, userinfo_endpoint, jwks_uri, client_id;
  model::CallbackPath callback_path = model::CallbackPath::own;

  friend bool operator==(const UpstreamSnapshot&, const UpstreamSnapshot&) = default;
};

UpstreamSnapshot take_snapshot(const ConnectionId& id, std::string_view name, const model::UpstreamSettings& settings);

/// A login on its way through the provider. Lives nowhere but in a cookie of the browser that started it, sealed
/// (design §2 rule 1); `state` names the cookie and is burnt in the commit that ends the login.
struct LoginTicket {
  std::string state;  ///< 32 random bytes, base64url
  LoginPurpose purpose = LoginPurpose::login;
  TenantId tenant;
  std::string base_url;  ///< `{D}` on which it started
  Instant created_at{}, expires_at{};
  model::AuthorizationRequest request;
  UpstreamSnapshot upstream;
  std::string nonce;     ///< sent upstream; empty when none was
  std::string verifier;  ///< PKCE; empty when none was
  std::string challenge_method;
  bool prompt_sent = false;   ///< `prompt` went upstream, so one retry without it is possible (§2.13)
  bool prompt_added = false;  ///< …and nobody but the connection's send_prompt asked for it
  bool prompt_dropped = false;  ///< this is the retry
  bool max_age_sent = false;
  std::string page;    ///< id of the interaction on whose page the person chose the provider and may choose again
  SessionId session;   ///< the browser's session at the start; replaced if another person returns (AZ-30)
  std::string subject; ///< try_connection and link_account: id of what the result belongs to
};

/// Seals for the browser; bound to tenant, host and state. Raw bytes, about 800 for a usual request.
std::string seal_login(const crypto::SecretBox& box, const LoginTicket& ticket);

/// Nullopt for anything that was not sealed by us for this tenant, host and state, or has expired.
std::optional<LoginTicket> open_login(const crypto::SecretBox& box, std::string_view sealed, std::string_view state,
                                      const TenantId& tenant, std::string_view base_url, Instant now);

}  // namespace symbolon::tickets
