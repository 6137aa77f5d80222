#pragma once

#include <functional>
#include <optional>

#include "base/id.h"
#include "db/transaction.h"
#include "model/user.h"

namespace symbolon::store {

/// A connection that was removed and whose people, sessions and grants may still be stored. Nobody enters through it any
/// more; what is left goes piece by piece, so that a hundred thousand sessions hold nobody up.
struct ConnectionRemains {
  TenantId tenant;
  ConnectionId connection;
  bool keeps_users = false;  ///< users stay, with their other identities
};

class ConnectionRemainsStore {
 public:
  explicit ConnectionRemainsStore(db::Transaction& tx) : tx_(tx) {}

  /// Of any tenant; nullopt when nothing is left anywhere.
  std::optional<ConnectionRemains> next();
  std::optional<ConnectionRemains> find(const TenantId& tenant, const ConnectionId& connection);

  /// Ends one session, which must then be gone; `with_account`: its user goes too.
  using EndSession = std::function<void(const SessionId& session, bool with_account)>;
  /// Is told of each identity that goes while its user stays.
  using Unlinked = std::function<void(const UserId& user, const model::Identity& identity)>;
  /// Removes a bounded number of records, of which `end` gets the sessions. True when that was the last of it.
  bool remove_some(const ConnectionRemains& remains, const EndSession& end, const Unlinked& unlinked = {});

 private:
  db::Transaction& tx_;
};

}  // namespace symbolon::store
