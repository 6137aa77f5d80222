#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/id.h"

namespace symbolon::model {

/// An id of an organisation; empty where the instance, which is the tenant as a whole, is meant.
using OrganisationId = Id<struct OrganisationTag>;

/// An organisation of a tenant, as the ZITADEL API knows it. Every tenant has a default one.
struct Organisation {
  TenantId tenant;
  OrganisationId id;  ///< 18 digits
  std::string name;
  bool is_default = false;
  std::int64_t version = 0;
  Instant created_at{}, updated_at{};
};

}  // namespace symbolon::model
