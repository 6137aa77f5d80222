#include "login/connection_end.h"

#include <boost/json.hpp>

#include "login/end_session.h"
#include "store/connection_remains.h"
#include "store/log_store.h"
#include "store/session_store.h"
#include "store/user_store.h"

namespace symbolon::login {
namespace {

// One entry for each way into an account that is gone (zitadel-idps §4.5).
void log_unlinked(db::Transaction& tx, const TenantId& tenant, const UserId& user, const model::Identity& identity,
                  Instant now) {
  model::LogEvent event;
  event.date = now;
  event.type = "account_unlinked";
  event.description = "An identity went with its connection";
  event.connection_id = identity.connection;
  event.connection = identity.connection_name;
  event.strategy = identity.provider;
  event.user = user;
  event.details = boost::json::serialize(boost::json::object{{"identity", identity.subject}});
  store::LogStore(tx, tenant).insert(std::move(event));
}

// True when nothing is left of it.
bool end_some(db::Transaction& tx, const store::ConnectionRemains& remains, Instant now) {
  const auto end = [&](const SessionId& session, bool with_account) {
    end_session(tx, remains.tenant, session,
                with_account ? LogoutInitiator::account_deleted : LogoutInitiator::session_revoked, now);
  };
  const auto unlinked = [&](const UserId& user, const model::Identity& identity) {
    log_unlinked(tx, remains.tenant, user, identity, now);
  };
  return store::ConnectionRemainsStore(tx).remove_some(remains, end, unlinked);
}

}  // namespace

Task<void> end_connection(db::Database& db, TenantId tenant, ConnectionId connection, Instant now, int units) {
  for (int unit = 0; unit < units; ++unit) {
    const bool over = co_await db.write([&](db::Transaction& tx) {
      const auto remains = store::ConnectionRemainsStore(tx).find(tenant, connection);
      return !remains || end_some(tx, *remains, now);
    });
    if (over) co_return;
  }
}

Task<void> end_removed_connections(db::Database& db, Instant now) {
  const auto next = [](db::Transaction& tx) { return store::ConnectionRemainsStore(tx).next(); };
  for (;;) {
    if (!co_await db.read(next)) co_return;
    co_await db.write([&](db::Transaction& tx) {
      if (const auto remains = next(tx)) end_some(tx, *remains, now);
    });
  }
}

bool remove_left_behind(db::Transaction& tx, const TenantId& tenant, const UserId& user, Instant now) {
  store::UserStore users(tx, tenant);
  const auto found = users.find(user);
  if (!found || found->identities.empty()) return false;
  const auto remains = store::ConnectionRemainsStore(tx).find(tenant, found->identities.front().connection);
  if (!remains || remains->keeps_users) return false;
  for (const model::Session& session : store::SessionStore(tx, tenant).list_by_user(user))
    end_session(tx, tenant, session.id, LogoutInitiator::account_deleted, now);
  return users.remove(user);
}

}  // namespace symbolon::login
