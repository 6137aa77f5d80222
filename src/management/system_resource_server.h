#pragma once

#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "db/transaction.h"

namespace symbolon::management {

/// `{base_url}/api/v2/`: the audience of Management API tokens, trailing slash included.
std::string system_identifier(const std::string& base_url);

/// Makes sure that the tenant's Management API exists with every scope of the catalogue, under the identifier of
/// `base_url` (management-api §5.1). When the public URL has changed, the API and the grants for it move along.
void ensure_system_resource_server(db::Transaction& tx, const TenantId& tenant, const std::string& base_url,
                                   Random& random, Instant now);

}  // namespace symbolon::management
