#pragma once

#include <cstdint>

#include "base/clock.h"
#include "db/transaction.h"

namespace symbolon::store {

/// Deletes up to `limit` rows of each table whose time has passed (codes, grants, tokens, tickets, log events older
/// than `log_since`), in every tenant. Sessions are not among them: see SessionStore::find_ended(). Returns how many
/// went; call again while it is not 0 (login-runtime SEC-60).
std::int64_t sweep(db::Transaction& tx, Instant now, Instant log_since, std::int64_t limit);

}  // namespace symbolon::store
