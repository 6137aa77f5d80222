#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/transaction.h"
#include "model/connection.h"
#include "model/organisation.h"
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
  bool for_first_party = false;  ///< enabled for the client, or offered in the organisation
  bool for_third_party = false;  ///< the same for clients that see domain-level connections
};

/// A connection as answers show it.
struct ShownConnection {
  /// With settings that name the strategy and nothing else: reading them takes longer than reading the rest.
  model::Connection record;
  std::vector<ClientId> enabled_clients;  ///< by id
};

/// Which connections a client may use depends on the organisation that its request names (zitadel-idps §6.1). Without
/// one, or with the default one, it is what enabled_clients says: what was enabled by hand, and what the default
/// organisation's policy offers. In another organisation it is what that one's policy offers, else the instance's, and
/// nothing else; a connection that has enabled clients is offered to these only, and third-party clients get what is at
/// domain level as well. A connection that an organisation owns is enabled nowhere else.
class ConnectionStore {
 public:
  ConnectionStore(db::Transaction& tx, TenantId tenant, const model::OrganisationId& organisation = {});

  std::optional<model::Connection> find(const ConnectionId& id);
  /// Case-sensitive, as names on the wire are.
  std::optional<model::Connection> find_by_name(std::string_view name);
  std::optional<model::Connection> find_by_zitadel_id(std::string_view zitadel_id);
  std::optional<ConnectionForClient> find_for_client(const ConnectionId& id, const ClientId& client);
  /// By exact name first, then by realm; nullopt also when a realm names several.
  std::optional<ConnectionForClient> find_for_client(std::string_view name_or_realm, const ClientId& client);
  /// Every connection that signs people in and is enabled for `client`, plus, when `with_domain_level`, the domain-level
  /// ones; by creation, or in an organisation in the order of its policy.
  std::vector<model::Connection> list_for_client(const ClientId& client, bool with_domain_level, std::int64_t limit);
  /// Of those, the ones that pages show as a button: show_as_button, and social ones (oauth2) always.
  std::vector<model::Connection> list_buttons(const ClientId& client, bool with_domain_level, std::int64_t limit);
  /// Whether one of those has a domain, so that an e-mail address can lead to it.
  bool has_domains(const ClientId& client, bool with_domain_level);
  /// Of those, the ones with `domain` (lower-case A-label) among their domain_aliases.
  std::vector<model::Connection> list_by_domain(const ClientId& client, bool with_domain_level,
                                                std::string_view domain);
  /// Of those, the ones through which `user` signs in; by the user's identities.
  std::vector<model::Connection> list_of_user(const ClientId& client, bool with_domain_level, const UserId& user);
  /// Every connection with that domain, whoever may use it; by creation.
  std::vector<model::Connection> list_with_domain(std::string_view domain);
  /// Every connection whose provider has that issuer, whoever may use it; by creation. Looks at all of the tenant's.
  std::vector<model::Connection> list_with_issuer(std::string_view issuer);
  Page<model::Connection> list(const ConnectionFilter& filter, const Window& window);
  std::optional<ShownConnection> find_shown(const ConnectionId& id);
  Page<ShownConnection> list_shown(const ConnectionFilter& filter, const Window& window);

  /// Duplicate when the name, compared without case, or a realm is taken.
  Insert insert(const model::Connection& connection);
  /// Everything but name and strategy, after which users are called. Does not ask is_realm_taken().
  Update update(const model::Connection& connection, std::int64_t based_on);
  /// With its keys, enabled clients and provisioning. What people have through it is left to ConnectionRemainsStore:
  /// users whose primary identity is on it, secondary identities, sessions, grants and what was issued under them.
  bool remove(const ConnectionId& id);
  /// The same, but no user will go: whoever has another identity continues with that one (zitadel-idps §4.5).
  bool remove_keeping_users(const ConnectionId& id);

  std::vector<ClientId> enabled_clients(const ConnectionId& id);
  /// By id. `next` only says that there are more: continue after the last id.
  Page<ClientId> list_enabled_clients(const ConnectionId& id, std::string_view after, std::int64_t limit);
  /// By hand, which no policy takes back. Nothing happens when there is no such connection.
  void enable(const ConnectionId& id, const ClientId& client);
  void disable(const ConnectionId& id, const ClientId& client);
  /// Its enabled clients were changed apart from it: what was read before is out of date.
  void mark_changed(const ConnectionId& id, Instant now);
  /// The same for every connection that has `client` among its enabled clients.
  void mark_all_changed(const ClientId& client, Instant now);
  /// As by enable() and disable().
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
  /// Of any tenant, after that connection of that tenant: those whose options speak of customHeaders, as earlier
  /// programs wrote them in clear; by tenant and id.
  static std::vector<model::Connection> list_with_clear_headers(db::Transaction& tx, const TenantId& tenant,
                                                                const ConnectionId& after, std::int64_t limit);
  /// Stores options, settings and custom_headers only; what the connection shows does not change, nor its version.
  void record_sealed_headers(const model::Connection& connection);

 private:
  void read_enabled_clients(std::vector<ShownConnection>& connections);

  bool remove(const ConnectionId& id, bool keeps_users);

  std::vector<model::Connection> fit_for(bool third_party, std::vector<model::Connection> offered) const;
  std::optional<ConnectionForClient> read_offered(std::vector<db::Row> rows) const;

  db::Transaction& tx_;
  TenantId tenant_;
  model::OrganisationId organisation_;  ///< other than the default one; empty: none
};

}  // namespace symbolon::store
