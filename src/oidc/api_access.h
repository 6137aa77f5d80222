#pragma once

#include <optional>
#include <string_view>

#include "base/id.h"
#include "db/transaction.h"
#include "model/resource_server.h"

namespace symbolon::oidc {

/// An API that a token is wanted for, with the client's permission for it.
struct ApiAccess {
  model::ResourceServer api;
  std::optional<model::ClientGrant> grant;  ///< of the subject type in question
};

/// Nullopt when no API has that identifier. `subject_type`: "user" or "client".
std::optional<ApiAccess> find_api_access(db::Transaction& tx, const TenantId& tenant, const ClientId& client,
                                         std::string_view audience, std::string_view subject_type);

}  // namespace symbolon::oidc
