#include "store/connection_store.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "store/connection_row.h"
#include "store/list_query.h"

namespace symbolon::store {
namespace {

std::string select(std::string_view rest) {
  std::string sql = "SELECT ";
  sql += kConnectionColumns;
  sql += rest;
  return sql;
}

// A row that ends with the client's id when the client is in enabled_clients, and with NULL otherwise.
ConnectionForClient read_for_client(RowReader row) {
  RowReader last = row;
  for (std::size_t i = 0; i < kConnectionColumnCount; ++i) last.skip();
  const bool enabled = !last.at_null();
  return {.connection = read_connection(row), .enabled = enabled};
}

}  // namespace

std::optional<model::Connection> ConnectionStore::find(const ConnectionId& id) {
  static const std::string kSql = select(" FROM connections c WHERE c.tenant = ?1 AND c.id = ?2");
  return read_one(tx_.query(kSql, {tenant_, id}), read_connection);
}

std::optional<model::Connection> ConnectionStore::find_by_name(std::string_view name) {
  static const std::string kSql =
      select(" FROM connections c WHERE c.tenant = ?1 AND c.name_folded = ?2 AND c.name = ?3");
  return read_one(tx_.query(kSql, {tenant_, to_lower_ascii(name), name}), read_connection);
}

std::optional<model::Connection> ConnectionStore::find_by_zitadel_id(std::string_view zitadel_id) {
  static const std::string kSql = select(" FROM connections c WHERE c.tenant = ?1 AND c.zitadel_id = ?2");
  return read_one(tx_.query(kSql, {tenant_, zitadel_id}), read_connection);
}

std::optional<ConnectionForClient> ConnectionStore::find_for_client(const ConnectionId& id, const ClientId& client) {
  static const std::string kSql = select(
      ", e.client_id FROM connections c LEFT JOIN connection_clients e"
      " ON e.tenant = c.tenant AND e.client_id = ?3 AND e.connection_id = c.id"
      " WHERE c.tenant = ?1 AND c.id = ?2");
  return read_one(tx_.query(kSql, {tenant_, id, client}), read_for_client);
}

std::optional<ConnectionForClient> ConnectionStore::find_for_client(std::string_view name_or_realm,
                                                                    const ClientId& client) {
  static const std::string kByName = select(
      ", e.client_id FROM connections c LEFT JOIN connection_clients e"
      " ON e.tenant = c.tenant AND e.client_id = ?3 AND e.connection_id = c.id"
      " WHERE c.tenant = ?1 AND c.name_folded = ?4 AND c.name = ?2");
  auto found =
      read_one(tx_.query(kByName, {tenant_, name_or_realm, client, to_lower_ascii(name_or_realm)}), read_for_client);
  if (found) return found;

  static const std::string kByRealm = select(
      ", e.client_id FROM connection_realms r CROSS JOIN connections c LEFT JOIN connection_clients e"
      " ON e.tenant = c.tenant AND e.client_id = ?3 AND e.connection_id = c.id"
      " WHERE r.tenant = ?1 AND r.realm = ?2 AND c.tenant = r.tenant AND c.id = r.connection_id LIMIT 2");
  auto rows = tx_.query(kByRealm, {tenant_, name_or_realm, client});
  if (rows.size() != 1) return std::nullopt;
  return read_one(std::move(rows), read_for_client);
}

std::vector<model::Connection> ConnectionStore::list_for_client(const ClientId& client, bool with_domain_level,
                                                                std::int64_t limit) {
  // CROSS JOIN keeps SQLite from walking all connections in order of creation to spare itself a sort.
  static const std::string kEnabled = select(
      ", c.seq FROM connection_clients e CROSS JOIN connections c WHERE e.tenant = ?1 AND e.client_id = ?2"
      " AND c.tenant = e.tenant AND c.id = e.connection_id AND c.authentication_active = 1 ORDER BY e.seq LIMIT ?3");
  auto rows = tx_.query(kEnabled, {tenant_, client, limit});
  if (with_domain_level) {
    static const std::string kDomainLevel = select(
        ", c.seq FROM connections c WHERE c.tenant = ?1 AND c.is_domain_connection = 1 AND c.authentication_active = 1"
        " AND NOT EXISTS"
        " (SELECT 1 FROM connection_clients e WHERE e.tenant = c.tenant AND e.client_id = ?2"
        " AND e.connection_id = c.id) ORDER BY c.seq LIMIT ?3");
    auto more = tx_.query(kDomainLevel, {tenant_, client, limit});
    std::ranges::move(more, std::back_inserter(rows));
    std::ranges::sort(rows, {}, [](const db::Row& row) { return row.integer(kConnectionColumnCount); });
    if (std::cmp_greater(rows.size(), limit)) rows.erase(rows.begin() + limit, rows.end());
  }
  return read_all(std::move(rows), read_connection);
}

std::vector<model::Connection> ConnectionStore::list_buttons(const ClientId& client, bool with_domain_level,
                                                             std::int64_t limit) {
  // The condition on buttons is the partial index's own, word for word.
  static const std::string kSql = select(
      " FROM connections c LEFT JOIN connection_clients e"
      " ON e.tenant = c.tenant AND e.client_id = ?2 AND e.connection_id = c.id"
      " WHERE c.tenant = ?1 AND (c.show_as_button = 1 OR c.strategy = 'oauth2') AND c.authentication_active = 1"
      " AND (e.client_id IS NOT NULL OR (?3 = 1 AND c.is_domain_connection = 1)) ORDER BY c.seq LIMIT ?4");
  return read_all(tx_.query(kSql, {tenant_, client, with_domain_level, limit}), read_connection);
}

bool ConnectionStore::has_domains(const ClientId& client, bool with_domain_level) {
  const auto enabled = tx_.query_one(
      "SELECT 1 FROM connection_clients e CROSS JOIN connections c WHERE e.tenant = ?1 AND e.client_id = ?2"
      " AND EXISTS (SELECT 1 FROM connection_domains d WHERE d.tenant = ?1 AND d.connection_id = e.connection_id)"
      " AND c.tenant = e.tenant AND c.id = e.connection_id AND c.authentication_active = 1 LIMIT 1",
      {tenant_, client});
  if (enabled || !with_domain_level) return enabled.has_value();
  return tx_
      .query_one(
          "SELECT 1 FROM connections c WHERE c.tenant = ?1 AND c.is_domain_connection = 1"
          " AND c.authentication_active = 1"
          " AND EXISTS (SELECT 1 FROM connection_domains d WHERE d.tenant = ?1 AND d.connection_id = c.id) LIMIT 1",
          {tenant_})
      .has_value();
}

std::vector<model::Connection> ConnectionStore::list_by_domain(const ClientId& client, bool with_domain_level,
                                                               std::string_view domain) {
  static const std::string kSql = select(
      " FROM connection_domains d CROSS JOIN connections c LEFT JOIN connection_clients e"
      " ON e.tenant = c.tenant AND e.client_id = ?3 AND e.connection_id = c.id"
      " WHERE d.tenant = ?1 AND d.domain = ?2 AND c.tenant = d.tenant AND c.id = d.connection_id"
      " AND c.authentication_active = 1"
      " AND (e.client_id IS NOT NULL OR (?4 = 1 AND c.is_domain_connection = 1)) ORDER BY c.seq");
  return read_all(tx_.query(kSql, {tenant_, domain, client, with_domain_level}), read_connection);
}

std::vector<model::Connection> ConnectionStore::list_with_domain(std::string_view domain) {
  static const std::string kSql = select(
      " FROM connection_domains d CROSS JOIN connections c WHERE d.tenant = ?1 AND d.domain = ?2"
      " AND c.tenant = d.tenant AND c.id = d.connection_id ORDER BY c.seq");
  return read_all(tx_.query(kSql, {tenant_, domain}), read_connection);
}

Page<model::Connection> ConnectionStore::list(const ConnectionFilter& filter, const Window& window) {
  const bool of_client = !filter.enabled_for.empty();
  ListQuery query(of_client ? "connection_clients e CROSS JOIN connections c" : "connections c",
                  of_client ? "e.seq" : "c.seq");
  if (of_client) {
    query.where("e.tenant", tenant_).where("e.client_id", filter.enabled_for);
    query.where("c.tenant = e.tenant").where("c.id = e.connection_id");
  } else {
    query.where("c.tenant", tenant_);
  }
  query.where_in("c.strategy", filter.strategies);
  if (!filter.name.empty()) query.where("c.name_folded", to_lower_ascii(filter.name)).where("c.name", filter.name);
  if (filter.only_zitadel) query.where("c.zitadel_id IS NOT NULL").where("c.zitadel_owner", filter.zitadel_owner);
  return read_page(tx_, query, kConnectionColumns, window, read_connection);
}

bool ConnectionStore::is_realm_taken(const ConnectionId& self, const std::vector<std::string>& realms) {
  for (const std::string& realm : realms) {
    const auto taken = tx_.query_one(
        "SELECT 1 FROM connection_realms WHERE tenant = ?1 AND realm = ?2 AND connection_id <> ?3"
        " UNION ALL SELECT 1 FROM connections WHERE tenant = ?1 AND name_folded = ?4 AND name = ?2 AND id <> ?3"
        " LIMIT 1",
        {tenant_, realm, self, to_lower_ascii(realm)});
    if (taken) return true;
  }
  return false;
}

std::optional<model::Connection> ConnectionStore::find_stale_metadata(db::Transaction& tx, Instant before) {
  static const std::string kSql = select(
      " FROM connections c WHERE c.metadata_pinned = 0 AND c.metadata_fetched_at > 0 AND c.metadata_fetched_at < ?1"
      " ORDER BY c.metadata_fetched_at LIMIT 1");
  return read_one(tx.query(kSql, {before}), read_connection);
}

std::optional<model::Connection> ConnectionStore::find_failed_metadata(db::Transaction& tx, Instant before) {
  static const std::string kSql = select(
      " FROM connections c WHERE c.metadata_pinned = 0 AND c.metadata_fetched_at > 0 AND c.metadata_fetched_at < ?1"
      " AND c.status IN ('incomplete', 'unreachable') ORDER BY c.metadata_fetched_at LIMIT 1");
  return read_one(tx.query(kSql, {before}), read_connection);
}

std::vector<ClientId> ConnectionStore::enabled_clients(const ConnectionId& id) {
  return read_all(tx_.query("SELECT client_id FROM connection_clients WHERE tenant = ?1 AND connection_id = ?2"
                            " ORDER BY client_id",
                            {tenant_, id}),
                  [](RowReader row) { return row.id<ClientId>(); });
}

Page<ClientId> ConnectionStore::list_enabled_clients(const ConnectionId& id, std::string_view after,
                                                     std::int64_t limit) {
  auto rows = tx_.query(
      "SELECT client_id FROM connection_clients WHERE tenant = ?1 AND connection_id = ?2"
      " AND client_id > ?3 ORDER BY client_id LIMIT ?4",
      {tenant_, id, after, limit + 1});
  Page<ClientId> page;
  page.total =
      tx_.query_one("SELECT count(*) FROM connection_clients WHERE tenant = ?1 AND connection_id = ?2", {tenant_, id})
          .value()
          .integer(0);
  const bool more = std::cmp_greater(rows.size(), limit);
  if (more) rows.pop_back();
  page.items = read_all(std::move(rows), [](RowReader row) { return row.id<ClientId>(); });
  if (more) page.next = std::ssize(page.items);
  return page;
}

}  // namespace symbolon::store
