#pragma once

#include <expected>
#include <string>

#include "base/clock.h"
#include "http/form.h"
#include "http/site.h"
#include "model/client.h"
#include "model/oauth_error.h"

namespace symbolon::oidc {

/// The parameters inside a signed request object (RFC 9101, login-runtime JAR-1, JAR-2), proved with a key that the
/// client registered: they are the whole request, what stands outside counts for nothing. invalid_request_object with
/// the reason as detail.
[[nodiscard]] std::expected<http::Form, model::OAuthError> read_request_object(const std::string& compact,
                                                                               const model::Client& client,
                                                                               const http::Site& site, Instant now);

/// What request objects may be signed with; discovery lists the same ones.
inline constexpr std::string_view kRequestObjectAlgorithms[] = {"RS256", "RS384", "PS256", "ES256"};

}  // namespace symbolon::oidc
