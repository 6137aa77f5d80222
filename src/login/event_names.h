#pragma once

#include "base/id.h"
#include "db/transaction.h"
#include "model/log_event.h"

namespace symbolon::login {

/// Puts the names of today beside the ids of `event`, so that the log can be searched by either (login-runtime §11):
/// application, connection with strategy, and user. What has a name keeps it; what is gone stays without.
void fill_names(db::Transaction& tx, const TenantId& tenant, model::LogEvent& event);

}  // namespace symbolon::login
