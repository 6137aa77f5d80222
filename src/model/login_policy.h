#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "model/organisation.h"

namespace symbolon::model {

/// How people sign in to the instance or to one organisation (zitadel-idps §4.7). `doc` holds the members as the API
/// shows them; which providers belong to it is stored beside.
struct LoginPolicy {
  TenantId tenant;
  OrganisationId owner;  ///< empty: the instance
  bool offers_providers = true;  ///< allowExternalIdp
  std::string doc;       ///< JSON object
  std::int64_t version = 0;
  Instant created_at{}, updated_at{};
};

}  // namespace symbolon::model
