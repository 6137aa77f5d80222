#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"
#include "db/transaction.h"
#include "model/oauth_error.h"
#include "model/resource_server.h"
#include "model/tenant.h"

namespace symbolon::oidc {

/// An API that a token is wanted for, with the client's permission for it.
struct ApiAccess {
  model::ResourceServer api;
  std::optional<model::ClientGrant> grant;  ///< of the subject type in question
};

/// The API that a request names by `audience`, or by `resource` (RFC 8707) where the tenant takes that for the same
/// (login-runtime AZ-16); empty when by neither. Two different ones are refused, since a token is for one API.
std::expected<std::string, model::OAuthError> named_audience(const std::string& audience, const std::string& resource,
                                                             const model::Tenant& tenant);
/// The same where the tenant is not at hand: it is read for a request with `resource` only.
std::expected<std::string, model::OAuthError> named_audience(db::Transaction& tx, const TenantId& tenant,
                                                             const std::string& audience, const std::string& resource);

/// Nullopt when no API has that identifier. `subject_type`: "user" or "client".
std::optional<ApiAccess> find_api_access(db::Transaction& tx, const TenantId& tenant, const ClientId& client,
                                         std::string_view audience, std::string_view subject_type);

}  // namespace symbolon::oidc
