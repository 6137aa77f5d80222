#include "management/user_access.h"

#include "store/grant_store.h"
#include "store/session_store.h"
#include "store/user_store.h"

namespace symbolon::management {

std::size_t end_sessions(db::Transaction& tx, const TenantId& tenant, const UserId& user, SessionEnd& ending,
                         EndCause cause, Instant now) {
  std::size_t ended = 0;
  for (const model::Session& session : store::SessionStore(tx, tenant).list_by_user(user))
    ended += ending.end(tx, tenant, session.id, cause, now) ? 1 : 0;
  // A code can be waiting for its application although the session that it was made in is gone.
  store::CodeStore(tx, tenant).cancel_of_user(user, now);
  return ended;
}

void end_access(db::Transaction& tx, const TenantId& tenant, const UserId& user, SessionEnd& ending, EndCause cause,
                Instant now) {
  end_sessions(tx, tenant, user, ending, cause, now);
  store::GrantStore(tx, tenant).revoke_of_user(user, now);
  store::UserStore(tx, tenant).invalidate_tokens(user, now);
}

}  // namespace symbolon::management
