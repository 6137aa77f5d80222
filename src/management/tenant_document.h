#pragma once

#include <boost/json.hpp>
#include <expected>
#include <functional>
#include <optional>
#include <string>

#include "base/task.h"
#include "management/api.h"
#include "management/services.h"
#include "model/tenant.h"

namespace symbolon::management {

/// The caller's tenant as it is now.
Task<model::Tenant> read_tenant(const Services& services, const Call& call);

/// Changes the tenant's document, with If-Match and a line in the log (`description`), in one unit of work. `change`
/// may run more than once; what it refuses leaves everything as it was.
using TenantChange = std::function<std::optional<Problem>(boost::json::object& document)>;
Task<std::expected<model::Tenant, Problem>> change_tenant(const Services& services, const Call& call,
                                                          std::string description, TenantChange change);

/// A section of the document that is no setting of its own: branding, prompts. Empty when there is none.
boost::json::object tenant_section(const model::Tenant& tenant, std::string_view name);

/// Members that are sent replace those of `stored`, null takes them away.
void merge_members(boost::json::object& stored, const boost::json::object& sent);

}  // namespace symbolon::management
