#pragma once

#include <functional>

#include "base/clock.h"
#include "base/task.h"
#include "crypto/secret_box.h"
#include "db/database.h"
#include "management/metadata_refresh.h"
#include "oidc/logout_delivery.h"

namespace symbolon::app {

/// Deletes what has expired, for ever, a little at a time so that logins never wait for it (login-runtime SEC-60).
/// On the way, seals what a server of an earlier version, which runs on the same database, still writes in clear.
Task<void> sweep_for_ever(db::Database& db, const crypto::SecretBox& box, const Clock& clock,
                          std::chrono::days log_retention);

/// Looks the configurations of providers up again when their time has come, for ever, one after the other.
Task<void> refresh_metadata_for_ever(management::MetadataRefresh& refresh);

/// Tells applications of ended sessions, for ever; notices are looked for every second, and several are on their way at
/// once, so that a slow application holds up nobody else. `spawn` starts a task that runs on its own.
Task<void> deliver_logouts_for_ever(oidc::LogoutDelivery& delivery, std::function<void(Task<void>)> spawn);

}  // namespace symbolon::app
