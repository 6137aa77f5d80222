#pragma once

#include "management/session_end.h"

namespace symbolon::app {

/// Ends sessions for the Management API in the one way that login/ knows (login-runtime LO-30).
class StoredSessionEnd final : public management::SessionEnd {
 public:
  bool end(db::Transaction& tx, const TenantId& tenant, const SessionId& session, management::EndCause cause,
           Instant now) override;
};

}  // namespace symbolon::app
