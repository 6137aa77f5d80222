#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/transaction.h"
#include "model/user.h"
#include "store/page.h"

namespace symbolon::store {

/// What narrows a scan to an index; an empty member asks for nothing.
struct UserFilter {
  UserId id = {};
  std::string email = {};     ///< compared without case
  std::string username = {};  ///< compared without case
  ConnectionId connection = {};
};

/// A stretch of the list of users. Go on from the position of the last one.
struct UserStretch {
  std::vector<model::User> users;
  std::vector<std::int64_t> positions;  ///< of each user
};

class UserStore {
 public:
  UserStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  /// With identities.
  std::optional<model::User> find(const UserId& id);
  std::optional<model::User> find_by_identity(const ConnectionId& connection, std::string_view subject);
  /// Compared without case.
  std::vector<model::User> find_by_email(std::string_view email);
  std::vector<model::User> find_by_username(std::string_view username);
  Page<model::User> list(const Window& window);
  /// Up to `limit` users beyond `position` (0: from the end where the order begins), by creation.
  UserStretch scan(const UserFilter& filter, std::int64_t position, std::int64_t limit, bool newest_first);

  /// Duplicate when the id or one of the identities is taken.
  Insert insert(const model::User& user);
  /// Everything except identities. Last writer wins, but tokens_valid_after never moves back; the version grows.
  bool update(const model::User& user);
  /// How many have signed in at `since` or later.
  std::int64_t count_active(Instant since);
  /// A login that changes nothing but statistics: last_login, last_ip, logins_count + 1, updated_at.
  void record_login(const UserId& id, Instant at, std::string_view ip);
  /// With identities, sessions, grants, codes and tokens.
  bool remove(const UserId& id);

  /// Behind the others. Throws std::logic_error when there is no such user.
  Insert add_identity(const UserId& id, const model::Identity& identity);
  /// Never the primary one.
  bool remove_identity(const UserId& id, const ConnectionId& connection, std::string_view subject);

  /// Refuses from now on every credential issued at or before `at` (GT-42).
  void invalidate_tokens(const UserId& id, Instant at);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

}  // namespace symbolon::store
