#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "base/clock.h"
#include "login/end_session.h"

namespace symbolon::oidc {

/// Life of a logout token (login-runtime §0.4).
inline constexpr std::chrono::seconds kLogoutTokenLifetime{120};

/// The claims of login-runtime BC-6 (OpenID Connect Back-Channel Logout 1.0 §2.4). `jti` and `trace_id` are fresh for
/// every delivery; there is never a nonce, so that the token cannot pass for an ID token.
boost::json::object logout_token_claims(const login::LogoutNotice& notice, const std::string& jti,
                                        const std::string& trace_id, Instant now);

}  // namespace symbolon::oidc
