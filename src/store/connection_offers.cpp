#include <algorithm>
#include <string>

#include "base/text.h"
#include "store/connection_row.h"
#include "store/connection_store.h"

namespace symbolon::store {
namespace {

// ?1 is the tenant, ?2 the client, ?3 the organisation, empty where none is named.
constexpr std::string_view kTheirsHere = "e.tenant = ?1 AND e.client_id = ?2";
constexpr std::string_view kOwnedHere =
    "(c.zitadel_owner = ?3 OR c.zitadel_owner = (SELECT o.id FROM organisations o WHERE o.tenant = ?1"
    " AND o.is_default = 1 LIMIT 1))";
// Its own policy, or the instance's where it has none.
constexpr std::string_view kTheirsThere =
    "e.tenant = ?1 AND e.owner = COALESCE((SELECT p.owner FROM login_policies p WHERE p.tenant = ?1"
    " AND p.owner = ?3), '')";
// Where some applications have the connection, the others were left out, whatever scope a browser sends along.
constexpr std::string_view kOwnedThere =
    "(c.zitadel_owner = '' OR c.zitadel_owner = ?3) AND EXISTS (SELECT 1 FROM login_policies l"
    " WHERE l.tenant = ?1 AND l.owner = e.owner AND l.offers_providers = 1)"
    " AND (EXISTS (SELECT 1 FROM connection_clients k WHERE k.tenant = ?1 AND k.client_id = ?2"
    " AND k.connection_id = c.id) OR NOT EXISTS (SELECT 1 FROM connection_clients k WHERE k.tenant = ?1"
    " AND k.connection_id = c.id))";

constexpr std::int64_t kMostOffered = 1000;

std::string replaced(std::string text, std::string_view mark, std::string_view by) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size()))
    text.replace(at, mark.size(), by);
  return text;
}

// One query for both ways in which a connection is offered: to a client, or by an organisation's policy. `{offers}` is
// the table of offers, `{theirs}` the condition on whose they are, `{owned}` whether connection `c` may be offered here.
class OfferQuery {
 public:
  explicit OfferQuery(std::string_view rest, std::string_view columns = kConnectionColumns)
      : by_client_(fill(rest, columns, "connection_clients e", kTheirsHere, kOwnedHere)),
        by_policy_(fill(rest, columns, "login_policy_providers e", kTheirsThere, kOwnedThere)) {}

  const std::string& in(const model::OrganisationId& organisation) const {
    return organisation.empty() ? by_client_ : by_policy_;
  }

 private:
  static std::string fill(std::string_view rest, std::string_view columns, std::string_view offers,
                          std::string_view theirs, std::string_view owned) {
    std::string sql = "SELECT ";
    sql += columns;
    sql += rest;
    sql = replaced(std::move(sql), "{offers}", offers);
    sql = replaced(std::move(sql), "{theirs}", theirs);
    return replaced(std::move(sql), "{owned}", owned);
  }

  std::string by_client_, by_policy_;
};

}  // namespace

ConnectionStore::ConnectionStore(db::Transaction& tx, TenantId tenant, const model::OrganisationId& organisation)
    : tx_(tx), tenant_(std::move(tenant)) {
  if (organisation.empty()) return;
  const bool is_default = tx_.query_one("SELECT 1 FROM organisations WHERE tenant = ?1 AND id = ?2 AND is_default = 1",
                                        {tenant_, organisation})
                              .has_value();
  if (!is_default) organisation_ = organisation;
}

// A row that ends with the connection's id when it is offered, and with NULL otherwise.
std::optional<ConnectionForClient> ConnectionStore::read_offered(std::vector<db::Row> rows) const {
  if (rows.empty()) return std::nullopt;
  RowReader row(rows.front());
  RowReader last = row;
  for (std::size_t i = 0; i < kConnectionColumnCount; ++i) last.skip();
  ConnectionForClient found;
  const bool offered = !last.at_null();
  found.connection = read_connection(row);
  const bool at_domain_level = found.connection.is_domain_connection;
  found.for_first_party = offered;
  found.for_third_party = organisation_.empty()
                              ? offered || (at_domain_level && found.connection.zitadel_owner.empty())
                              : offered && at_domain_level;
  return found;
}

// In an organisation, third-party clients get of its offers what is at domain level.
std::vector<model::Connection> ConnectionStore::fit_for(bool third_party, std::vector<model::Connection> offered) const {
  if (third_party && !organisation_.empty())
    std::erase_if(offered, [](const model::Connection& one) { return !one.is_domain_connection; });
  return offered;
}

std::optional<ConnectionForClient> ConnectionStore::find_for_client(const ConnectionId& id, const ClientId& client) {
  static const OfferQuery kQuery(
      ", e.connection_id FROM connections c LEFT JOIN {offers} ON {theirs} AND e.connection_id = c.id AND {owned}"
      " WHERE c.tenant = ?1 AND c.id = ?4");
  return read_offered(tx_.query(kQuery.in(organisation_), {tenant_, client, organisation_, id}));
}

std::optional<ConnectionForClient> ConnectionStore::find_for_client(std::string_view name_or_realm,
                                                                    const ClientId& client) {
  static const OfferQuery kByName(
      ", e.connection_id FROM connections c LEFT JOIN {offers} ON {theirs} AND e.connection_id = c.id AND {owned}"
      " WHERE c.tenant = ?1 AND c.name_folded = ?5 AND c.name = ?4");
  auto found = read_offered(tx_.query(kByName.in(organisation_),
                                      {tenant_, client, organisation_, name_or_realm, to_lower_ascii(name_or_realm)}));
  if (found) return found;

  static const OfferQuery kByRealm(
      ", e.connection_id FROM connection_realms r CROSS JOIN connections c LEFT JOIN {offers}"
      " ON {theirs} AND e.connection_id = c.id AND {owned}"
      " WHERE r.tenant = ?1 AND r.realm = ?4 AND c.tenant = r.tenant AND c.id = r.connection_id LIMIT 2");
  auto rows = tx_.query(kByRealm.in(organisation_), {tenant_, client, organisation_, name_or_realm});
  if (rows.size() != 1) return std::nullopt;
  return read_offered(std::move(rows));
}

std::vector<model::Connection> ConnectionStore::list_for_client(const ClientId& client, bool with_domain_level,
                                                                std::int64_t limit) {
  // CROSS JOIN keeps SQLite from walking all connections in order of creation to spare itself a sort.
  static const OfferQuery kOffered(
      ", c.seq FROM {offers} CROSS JOIN connections c WHERE {theirs} AND c.tenant = e.tenant"
      " AND c.id = e.connection_id AND c.authentication_active = 1 AND c.status <> 'incomplete' AND {owned} ORDER BY e.seq LIMIT ?4");
  auto rows = tx_.query(kOffered.in(organisation_), {tenant_, client, organisation_, limit});
  if (with_domain_level && organisation_.empty()) {
    static const std::string kDomainLevel =
        "SELECT " + std::string(kConnectionColumns) +
        ", c.seq FROM connections c WHERE c.tenant = ?1 AND c.is_domain_connection = 1 AND c.zitadel_owner = ''"
        " AND c.authentication_active = 1 AND c.status <> 'incomplete' AND NOT EXISTS"
        " (SELECT 1 FROM connection_clients e WHERE e.tenant = c.tenant AND e.client_id = ?2"
        " AND e.connection_id = c.id) ORDER BY c.seq LIMIT ?3";
    auto more = tx_.query(kDomainLevel, {tenant_, client, limit});
    std::ranges::move(more, std::back_inserter(rows));
    std::ranges::sort(rows, {}, [](const db::Row& row) { return row.integer(kConnectionColumnCount); });
    if (std::cmp_greater(rows.size(), limit)) rows.erase(rows.begin() + limit, rows.end());
  }
  return fit_for(with_domain_level, read_all(std::move(rows), read_connection));
}

std::vector<model::Connection> ConnectionStore::list_buttons(const ClientId& client, bool with_domain_level,
                                                             std::int64_t limit) {
  // The condition on buttons is the partial index's own, word for word.
  static const OfferQuery kQuery(
      " FROM connections c LEFT JOIN {offers} ON {theirs} AND e.connection_id = c.id AND {owned}"
      " WHERE c.tenant = ?1 AND (c.show_as_button = 1 OR c.strategy = 'oauth2') AND c.authentication_active = 1 AND c.status <> 'incomplete'"
      " AND (e.connection_id IS NOT NULL OR (?4 = 1 AND c.is_domain_connection = 1 AND c.zitadel_owner = ''))"
      " ORDER BY c.seq LIMIT ?5");
  return fit_for(with_domain_level,
                 read_all(tx_.query(kQuery.in(organisation_), {tenant_, client, organisation_,
                                                               with_domain_level && organisation_.empty(), limit}),
                          read_connection));
}

bool ConnectionStore::has_domains(const ClientId& client, bool with_domain_level) {
  if (with_domain_level && !organisation_.empty())
    return std::ranges::any_of(list_for_client(client, true, kMostOffered),
                               [](const model::Connection& one) { return !one.domain_aliases.empty(); });
  static const OfferQuery kOffered(
      " FROM {offers} CROSS JOIN connections c WHERE {theirs}"
      " AND EXISTS (SELECT 1 FROM connection_domains d WHERE d.tenant = ?1 AND d.connection_id = e.connection_id)"
      " AND c.tenant = e.tenant AND c.id = e.connection_id AND c.authentication_active = 1 AND c.status <> 'incomplete' AND {owned} LIMIT 1",
      "1");
  const auto offered =
      tx_.query_one(kOffered.in(organisation_), {tenant_, client, organisation_});
  if (offered || !with_domain_level) return offered.has_value();
  return tx_
      .query_one(
          "SELECT 1 FROM connections c WHERE c.tenant = ?1 AND c.is_domain_connection = 1 AND c.zitadel_owner = ''"
          " AND c.authentication_active = 1 AND c.status <> 'incomplete'"
          " AND EXISTS (SELECT 1 FROM connection_domains d WHERE d.tenant = ?1 AND d.connection_id = c.id) LIMIT 1",
          {tenant_})
      .has_value();
}

std::vector<model::Connection> ConnectionStore::list_by_domain(const ClientId& client, bool with_domain_level,
                                                               std::string_view domain) {
  static const OfferQuery kQuery(
      " FROM connection_domains d CROSS JOIN connections c LEFT JOIN {offers}"
      " ON {theirs} AND e.connection_id = c.id AND {owned}"
      " WHERE d.tenant = ?1 AND d.domain = ?4 AND c.tenant = d.tenant AND c.id = d.connection_id"
      " AND c.authentication_active = 1 AND c.status <> 'incomplete' AND (e.connection_id IS NOT NULL"
      " OR (?5 = 1 AND c.is_domain_connection = 1 AND c.zitadel_owner = '')) ORDER BY c.seq");
  return fit_for(with_domain_level,
                 read_all(tx_.query(kQuery.in(organisation_), {tenant_, client, organisation_, domain,
                                                               with_domain_level && organisation_.empty()}),
                          read_connection));
}

std::vector<model::Connection> ConnectionStore::list_of_user(const ClientId& client, bool with_domain_level,
                                                             const UserId& user) {
  static const OfferQuery kQuery(
      " FROM identities i CROSS JOIN connections c LEFT JOIN {offers}"
      " ON {theirs} AND e.connection_id = c.id AND {owned}"
      " WHERE i.tenant = ?1 AND i.user_id = ?4 AND c.tenant = i.tenant AND c.id = i.connection_id"
      " AND c.authentication_active = 1 AND c.status <> 'incomplete' AND (e.connection_id IS NOT NULL"
      " OR (?5 = 1 AND c.is_domain_connection = 1 AND c.zitadel_owner = '')) ORDER BY i.position");
  auto all = read_all(tx_.query(kQuery.in(organisation_), {tenant_, client, organisation_, user,
                                                           with_domain_level && organisation_.empty()}),
                      read_connection);
  // Several accounts at one provider are one way to sign in.
  std::vector<model::Connection> connections;
  for (model::Connection& one : all)
    if (std::ranges::find(connections, one.id, &model::Connection::id) == connections.end())
      connections.push_back(std::move(one));
  return fit_for(with_domain_level, std::move(connections));
}

}  // namespace symbolon::store
