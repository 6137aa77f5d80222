#pragma once

#include <cstddef>

#include "management/session_end.h"

namespace symbolon::management {

/// Ends every session of a user; how many there were.
std::size_t end_sessions(db::Transaction& tx, const TenantId& tenant, const UserId& user, SessionEnd& ending,
                         EndCause cause, Instant now);

/// Ends everything that a user holds: sessions, codes, refresh tokens and opaque access tokens at once, signed access
/// tokens wherever this server is asked about them (login-runtime GT-40, GT-42).
void end_access(db::Transaction& tx, const TenantId& tenant, const UserId& user, SessionEnd& ending, EndCause cause,
                Instant now);

}  // namespace symbolon::management
