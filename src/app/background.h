#pragma once

#include "base/clock.h"
#include "base/task.h"
#include "db/database.h"

namespace symbolon::app {

/// Deletes what has expired, for ever, a little at a time so that logins never wait for it (login-runtime SEC-60).
Task<void> sweep_for_ever(db::Database& db, const Clock& clock, std::chrono::days log_retention);

}  // namespace symbolon::app
