#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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
  std::string domain_label;  ///< first label of its primary domain; the rest is the host (zitadel-idps §5.3)
  bool is_default = false;
  std::int64_t version = 0;
  Instant created_at{}, updated_at{};
};

/// What a new organisation's domain_label is made of its name: lower-case letters, digits and hyphens, at most 63; empty
/// when nothing is left.
std::string make_domain_label(std::string_view name);

}  // namespace symbolon::model
