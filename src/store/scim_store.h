#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "db/transaction.h"
#include "model/sealed.h"
#include "store/page.h"

namespace symbolon::store {

/// How a connection's directory provisions users (scim §1.3).
struct ScimConfiguration {
  ConnectionId connection;
  std::string user_id_attribute;
  std::string mapping;  ///< JSON array of {"scim","auth0"}
  std::int64_t version = 0;
  Instant created_at{}, updated_at{};
};

/// What a directory authenticates with; the value itself is never kept.
struct ScimToken {
  std::string id;  ///< `tok_` + 16
  ConnectionId connection;
  model::TicketHash hash;
  std::vector<std::string> scopes;
  Instant created_at{};
  std::optional<Instant> expires_at, last_used_at;
};

/// Configurations by connection, and the tokens that belong to each.
class ScimStore {
 public:
  ScimStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  std::optional<ScimConfiguration> find(const ConnectionId& connection);
  Page<ScimConfiguration> list(const Window& window);
  Insert insert(const ScimConfiguration& configuration);
  Update update(const ScimConfiguration& configuration, std::int64_t based_on);
  /// With its tokens.
  bool remove(const ConnectionId& connection);

  /// Oldest first.
  std::vector<ScimToken> list_tokens(const ConnectionId& connection);
  void insert_token(const ScimToken& token);
  bool remove_token(const ConnectionId& connection, std::string_view id);
  void remove_expired_tokens(const ConnectionId& connection, Instant now);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

}  // namespace symbolon::store
