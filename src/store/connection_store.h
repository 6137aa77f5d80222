#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/transaction.h"
#include "model/connection.h"
#include "store/page.h"

namespace symbolon::store {

struct ConnectionFilter {
  std::vector<std::string> strategies;  ///< empty: every one
  std::string name;                     ///< exact; empty: every one
  ClientId enabled_for;                 ///< empty: every one
  std::string zitadel_owner;            ///< with `only_zitadel`
  bool only_zitadel = false;            ///< only records with a zitadel_id
};

/// A connection together with whether a client may use it: one round trip for /authorize and the callback.
struct ConnectionForClient {
  model::Connection connection;
  bool enabled = false;  ///< the client is in enabled_clients
};

class ConnectionStore {
 public:
  ConnectionStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  std::optional<model::Connection> find(const ConnectionId& id);
  /// Case-sensitive, as names on the wire are.
  std::optional<model::Connection> find_by_name(std::string_view name);
  std::optional<model::Connection> find_by_zitadel_id(std::string_view zitadel_id);
  std::optional<ConnectionForClient> find_for_client(const ConnectionId& id, const ClientId& client);
  /// By exact name first, then by realm; nullopt also when a realm names several.
  std::optional<ConnectionForClient> find_for_client(std::string_view name_or_realm, const ClientId& client);
  /// Every connection that signs people in and is enabled for `client`, plus, when `with_domain_level`, the domain-level
  /// ones; by creation.
  std::vector<model::Connection> list_for_client(const ClientId& client, bool with_domain_level, std::int64_t limit);
  /// Of those, the ones that pages show as a button: show_as_button, and social ones (oauth2) always.
  std::vector<model::Connection> list_buttons(const ClientId& client, bool with_domain_level, std::int64_t limit);
  /// Whether one of those has a domain, so that an e-mail address can lead to it.
  bool has_domains(const ClientId& client, bool with_domain_level);
  /// Of those, the ones with `domain` (lower-case A-label) among their domain_aliases.
  std::vector<model::Connection> list_by_domain(const ClientId& client, bool with_domain_level,
                                                std::string_view domain);
  /// Every connection with that domain, whoever may use it; by creation.
  std::vector<model::Connection> list_with_domain(std::string_view domain);
  Page<model::Connection> list(const ConnectionFilter& filter, const Window& window);

  /// Duplicate when the name, compared without case, or a realm is taken.
  Insert insert(const model::Connection& connection);
  /// Everything but name and strategy, after which users are called. Does not ask is_realm_taken().
  Update update(const model::Connection& connection, std::int64_t based_on);
  /// With users whose primary identity is on it, every session and grant through it and what was issued under them, its
  /// keys and enabled clients; secondary identities are unlinked. Log events stay.
  bool remove(const ConnectionId& id);
  /// The same, but no user goes: whoever has another identity continues with that one (zitadel-idps §4.5).
  bool remove_keeping_users(const ConnectionId& id);

  std::vector<ClientId> enabled_clients(const ConnectionId& id);
  /// By id. `next` only says that there are more: continue after the last id.
  Page<ClientId> list_enabled_clients(const ConnectionId& id, std::string_view after, std::int64_t limit);
  /// Nothing happens when there is no such connection.
  void enable(const ConnectionId& id, const ClientId& client);
  void disable(const ConnectionId& id, const ClientId& client);
  /// Its enabled clients were changed apart from it: what was read before is out of date.
  void mark_changed(const ConnectionId& id, Instant now);
  void replace_enabled_clients(const ConnectionId& id, const std::vector<ClientId>& clients);
  /// Connections, other than `self`, that have one of `realms` as name or realm.
  bool is_realm_taken(const ConnectionId& self, const std::vector<std::string>& realms);
  /// The oldest connection whose metadata may be refreshed and was fetched before `before`, if any, in any tenant.
  static std::optional<model::Connection> find_stale_metadata(db::Transaction& tx, Instant before);
  /// The same among those whose last lookup failed or left them incomplete: they are tried again sooner.
  static std::optional<model::Connection> find_failed_metadata(db::Transaction& tx, Instant before);
  /// Stores metadata_fetched_at, status and status_detail only. Nothing that the connection itself shows changes, so
  /// its version stays. False when the connection has changed or gone meanwhile.
  bool record_metadata_check(const model::Connection& connection);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

}  // namespace symbolon::store
