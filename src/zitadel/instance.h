#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "db/transaction.h"
#include "model/organisation.h"

namespace symbolon::zitadel {

/// The fixed project that stands for this API in audience scopes; the word `zitadel` means the same (zitadel-idps §5.3).
inline constexpr std::string_view kApiProjectId = "100000000000000001";

/// What a tenant is to clients of the ZITADEL API.
struct Instance {
  std::string id;  ///< 18 digits; owner of what belongs to no organisation
  model::Organisation organisation;  ///< the default one
};

/// Nullopt before ensure_instance() ran for the tenant.
std::optional<Instance> find_instance(db::Transaction& tx, const TenantId& tenant);

/// Makes what is missing: the instance's id, the default organisation, the instance's login policy.
Instance ensure_instance(db::Transaction& tx, const TenantId& tenant, Random& random, Instant now);

}  // namespace symbolon::zitadel
