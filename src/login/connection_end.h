#pragma once

#include "base/clock.h"
#include "base/id.h"
#include "base/task.h"
#include "db/database.h"
#include "db/transaction.h"

namespace symbolon::login {

/// Ends what a connection that was removed (store::ConnectionStore) leaves behind: sessions through it as LO-30 ends
/// them, so that applications hear of it, then people, linked identities and grants. Many small units of work; stops
/// after `units` of them, and a later call goes on.
Task<void> end_connection(db::Database& db, TenantId tenant, ConnectionId connection, Instant now, int units = 200);

/// The same for everything that an earlier call or an earlier run of the server left undone.
Task<void> end_removed_connections(db::Database& db, Instant now);

/// Removes `user` now when a connection that was removed with its people is the primary one and has not got to them
/// yet; sessions end as above. False when the user stays.
bool remove_left_behind(db::Transaction& tx, const TenantId& tenant, const UserId& user, Instant now);

}  // namespace symbolon::login
