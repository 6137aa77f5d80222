#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "db/transaction.h"
#include "model/service_user.h"
#include "store/page.h"

namespace symbolon::store {

/// Service users with their keys and tokens.
class ServiceUserStore {
 public:
  ServiceUserStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  std::optional<model::ServiceUser> find(const model::ServiceUserId& id);
  /// Compared without case.
  std::optional<model::ServiceUser> find_by_username(std::string_view username);
  /// By username.
  std::vector<model::ServiceUser> list();
  /// Duplicate when the username is taken.
  Insert insert(const model::ServiceUser& user);
  /// With keys, tokens and memberships.
  bool remove(const model::ServiceUserId& id);

  void insert_key(const model::ServiceUserKey& key);
  /// A key of `user` that has not expired.
  std::optional<model::ServiceUserKey> find_key(const model::ServiceUserId& user, std::string_view id, Instant now);

  void insert_token(const model::ServiceToken& token);
  std::optional<model::ServiceToken> find_live_token(const model::ServiceTokenHash& hash, Instant now);
  bool remove_token(const model::ServiceTokenHash& hash);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

}  // namespace symbolon::store
