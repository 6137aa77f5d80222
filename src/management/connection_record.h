#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "base/task.h"
#include "management/connection_options.h"
#include "management/problem.h"
#include "management/services.h"
#include "model/connection.h"

// How a connection's record comes to be and changes, whichever API asks for it. Nothing here writes to the database.
namespace symbolon::management {

/// A new record with prepared options and the top-level members of `members`; ids are drawn, secret and headers are sealed.
model::Connection new_connection(const Services& services, const TenantId& tenant, std::string name,
                                 PreparedOptions prepared, const boost::json::object& members);

/// Replaces the options of `connection` by `sent`, checked and completed (the provider may be asked). A stored secret
/// stays when none is sent and none of the places changes to which it goes (threats T12); otherwise it is refused.
Task<std::optional<Problem>> change_options(const Services& services, model::Connection& connection,
                                            boost::json::object sent);

}  // namespace symbolon::management
