#pragma once

#include <expected>
#include <optional>
#include <string>

#include "http/request.h"
#include "model/oauth_error.h"

namespace symbolon::oidc {

/// The access token of a request: the Authorization header, or `access_token` in a posted form (RFC 6750 §2.1, §2.2);
/// never the query, which ends up in logs. Nullopt when none was sent; an error when both ways were used.
std::expected<std::optional<std::string>, model::OAuthError> read_bearer_token(const http::Request& request);

}  // namespace symbolon::oidc
