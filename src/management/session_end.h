#pragma once

#include "base/clock.h"
#include "base/id.h"
#include "db/transaction.h"

namespace symbolon::management {

/// Why sessions end; decides which applications are told of it (login-runtime BC-3).
enum class EndCause { session_revoked, account_deleted, account_deactivated };

/// Ends a session inside the caller's unit of work, with its unredeemed codes and online refresh tokens, and lets its
/// applications know (login-runtime LO-30). Implemented in app/ over login/, which this module does not know.
class SessionEnd {
 public:
  virtual ~SessionEnd() = default;
  /// False when there is no such session.
  virtual bool end(db::Transaction& tx, const TenantId& tenant, const SessionId& session, EndCause cause,
                   Instant now) = 0;
};

}  // namespace symbolon::management
