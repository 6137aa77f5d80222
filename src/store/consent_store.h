#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "db/transaction.h"

namespace symbolon::store {

/// What a person allowed a third-party client (login-runtime §1.17). Audience is empty for OpenID Connect scopes.
class ConsentStore {
 public:
  ConsentStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  std::vector<std::string> scopes(const UserId& user, const ClientId& client, std::string_view audience);
  void add(const UserId& user, const ClientId& client, std::string_view audience,
           const std::vector<std::string>& scopes, Instant now);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

}  // namespace symbolon::store
