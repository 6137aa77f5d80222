#pragma once

#include "base/clock.h"
#include "base/task.h"
#include "db/database.h"
#include "management/metadata_refresh.h"

namespace symbolon::app {

/// Deletes what has expired, for ever, a little at a time so that logins never wait for it (login-runtime SEC-60).
Task<void> sweep_for_ever(db::Database& db, const Clock& clock, std::chrono::days log_retention);

/// Looks the configurations of providers up again when their time has come, for ever, one after the other.
Task<void> refresh_metadata_for_ever(management::MetadataRefresh& refresh);

}  // namespace symbolon::app
