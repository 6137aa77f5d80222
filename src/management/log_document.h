#pragma once

#include <boost/json/fwd.hpp>

#include "model/log_event.h"

namespace symbolon::management {

/// A log event as it is shown (management-api §6.1).
boost::json::object show_log_event(const TenantId& tenant, const model::LogEvent& event);

}  // namespace symbolon::management
