#pragma once

#include <optional>

#include "base/clock.h"
#include "model/authorization_request.h"
#include "model/session.h"

namespace symbolon::login {

/// What a browser brings to /authorize, apart from the request itself.
struct Standing {
  const model::Session* session = nullptr;  ///< alive, else null
  bool admitted = false;                    ///< the session's user may enter this client through its connection
  /// The connection that the request asks for; empty when it leaves the choice.
  ConnectionId asked;
  bool consent_is_open = false;  ///< the session's user has to be asked for consent first
};

enum class Decision {
  issue,           ///< single sign-on: answer at once
  authenticate,    ///< send the browser to a provider (or let it choose one)
  login_required,  ///< prompt=none and nobody is signed in who fits
  choose_account,  ///< somebody is signed in, and the application asks which account to use
  ask_consent,
  consent_required,  ///< prompt=none, and the person would have to be asked
};

/// Whether the sign-in of `proved_at` has become older than `max_age` allows an answer to be (OpenID Connect Core §3.1.2.1).
/// max_age=0 asks for a sign-in of its own (AZ-13), whose age nothing limits then.
bool is_too_old(const model::AuthorizationRequest& request, Instant proved_at, Instant now);

/// The table of login-runtime §1.7 step 10.
Decision decide(const model::AuthorizationRequest& request, const Standing& standing, Instant now);

}  // namespace symbolon::login
