#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/client.h"
#include "model/oauth_error.h"
#include "oidc/api_access.h"

namespace symbolon::oidc {

/// Adds the audience of /admin/v1 to an access token (login-runtime OP-A).
inline constexpr std::string_view kAdministrationScope = "urn:zitadel:iam:org:project:id:zitadel:aud";

/// The OpenID Connect scopes that do something here; discovery lists the same ones.
std::span<const std::string_view> openid_scopes();

/// The scopes of `wanted` that a person may give to `client`: known ones of OpenID Connect and of the API. Others are
/// dropped, or refused when `strict` (AZ-4). Fails when the client may not use the API for people at all.
std::expected<std::vector<std::string>, model::OAuthError> scopes_for_user(const model::Client& client,
                                                                           const ApiAccess* access,
                                                                           const std::vector<std::string>& wanted,
                                                                           bool strict);

/// The scopes that `client` gets on its own behalf: its grant's, narrowed to `wanted` unless that is empty (TK-20).
std::expected<std::vector<std::string>, model::OAuthError> scopes_for_client(const ApiAccess& access,
                                                                             const std::vector<std::string>& wanted);

/// Management-api §5.2: 403 for an audience that names no API.
model::OAuthError service_not_found(std::string_view audience);

}  // namespace symbolon::oidc
