#include "app/session_end.h"

#include "login/end_session.h"

namespace symbolon::app {
namespace {

login::LogoutInitiator initiator_of(management::EndCause cause) {
  switch (cause) {
    case management::EndCause::session_revoked:
      return login::LogoutInitiator::session_revoked;
    case management::EndCause::account_deleted:
      return login::LogoutInitiator::account_deleted;
    case management::EndCause::account_deactivated:
      return login::LogoutInitiator::account_deactivated;
  }
  return login::LogoutInitiator::session_revoked;
}

}  // namespace

bool StoredSessionEnd::end(db::Transaction& tx, const TenantId& tenant, const SessionId& session,
                           management::EndCause cause, Instant now) {
  return login::end_session(tx, tenant, session, initiator_of(cause), now).has_value();
}

}  // namespace symbolon::app
