#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/rate_verdict.h"

namespace symbolon::model {

/// Error codes of RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6 and its
/// extension for unmet authentication requirements, and RFC 6750 §3.1.
enum class OAuthCode {
  invalid_request,
  invalid_client,
  invalid_grant,
  invalid_scope,
  invalid_token,
  insufficient_scope,
  unauthorized_client,
  unsupported_grant_type,
  unsupported_response_type,
  access_denied,
  server_error,
  temporarily_unavailable,
  login_required,
  consent_required,
  interaction_required,
  account_selection_required,
  unmet_authentication_requirements,
  request_not_supported,
  request_uri_not_supported,
  invalid_request_object,
  invalid_request_uri,
  too_many_requests,  ///< login-runtime OP-20g
};

std::string_view to_string(OAuthCode code);

/// A refusal with its three audiences: `code` for programs, `description` for the client (ASCII, no `"` or `\`,
/// written by us), `detail` for the log and the administrator's explanation only.
struct OAuthError {
  OAuthCode code = OAuthCode::server_error;
  std::string description;
  std::string detail;
  std::optional<RateVerdict> rate = std::nullopt;  ///< with too_many_requests
};

}  // namespace symbolon::model
