#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/transaction.h"
#include "model/sealed.h"
#include "store/page.h"

namespace symbolon::store {

/// What kind of one-time value; each has a namespace of its own (threats T17, T24).
enum class TicketKind {
  login_state,
  front_channel_token,
  client_assertion,
  logout_token,
  revocation_token,
  pushed_request,
  administrator_link,
  try_connection,
  try_report,
  account_link,
  link_page,
  federated_logout,
  jwt_profile
};
std::string_view to_string(TicketKind kind);

/// A stored one-time value and what it stands for.
struct StoredTicket {
  TicketKind kind;
  model::TicketHash hash;
  std::string subject;  ///< whom it is bound to: client_id, connection id; may be empty
  std::string doc;      ///< JSON object
  Instant created_at{}, expires_at{};
  std::optional<Instant> used_at;
};

class TicketStore {
 public:
  TicketStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  /// Burns a value that lives outside the database: duplicate means somebody used it before.
  Insert burn(TicketKind kind, const model::TicketHash& hash, Instant expires_at);
  bool is_burnt(TicketKind kind, const model::TicketHash& hash);

  void insert(const StoredTicket& ticket);
  /// Nullopt when unknown or expired; a used one is found and says when it was used.
  std::optional<StoredTicket> find(TicketKind kind, const model::TicketHash& hash, Instant now);
  /// Marks it used and returns it; nullopt when unknown, expired or used.
  std::optional<StoredTicket> take(TicketKind kind, const model::TicketHash& hash, Instant now);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

}  // namespace symbolon::store
