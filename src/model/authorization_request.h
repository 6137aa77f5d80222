#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id.h"
#include "model/requested_claims.h"

namespace symbolon::model {

/// A checked request to /authorize (login-runtime §1.5). Travels inside the sealed login, so it is plain values only.
struct AuthorizationRequest {
  ClientId client;
  std::string redirect_uri;
  bool redirect_uri_was_sent = true;  ///< then the token request must repeat it (TK-5)
  std::string response_type;          ///< members sorted: "code", "code id_token", …
  std::string response_mode;          ///< query, fragment, form_post, web_message; never empty after the checks
  std::vector<std::string> scope;
  std::string audience;
  std::string state, nonce;
  std::string code_challenge, code_challenge_method;
  std::vector<std::string> prompt;
  std::optional<std::chrono::seconds> max_age;
  std::string login_hint, connection, connection_scope, ui_locales, acr_values, display;
  std::vector<std::string> subjects;      ///< whom it may be, by id_token_hint or claims; empty: anybody
  RequestedClaims claims;
  std::vector<std::string> required_acr;  ///< one of which the sign-in must reach (Core §5.5.1.1); empty: any
  /// Downstream parameters that `upstream_params` aliases may pass on (RP-26), by name.
  std::vector<std::pair<std::string, std::string>> passed_on;

  bool wants_code() const;
  bool wants_id_token() const;      ///< from the authorization endpoint
  bool wants_access_token() const;  ///< from the authorization endpoint
  bool has_scope(std::string_view name) const;
  bool has_prompt(std::string_view name) const;
  bool may_be(const UserId& user) const;
  bool accepts_acr(std::string_view acr) const;
};

}  // namespace symbolon::model
