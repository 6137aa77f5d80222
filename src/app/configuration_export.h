#pragma once

#include <boost/json/fwd.hpp>

#include "app/local_api.h"
#include "base/task.h"
#include "db/database.h"

namespace symbolon::app {

/// A tenant's settings, clients and connections in the form in which `symbolon apply` reads them: without secrets,
/// without ids that another tenant would not have, and without what the server finds out by itself.
Task<boost::json::object> export_configuration(LocalApi& api, db::Database& db, TenantId tenant);

}  // namespace symbolon::app
