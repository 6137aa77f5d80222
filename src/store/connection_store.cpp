#include "store/connection_store.h"

#include <algorithm>
#include <bit>
#include <map>
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

ListQuery list_query(const TenantId& tenant, const ConnectionFilter& filter) {
  const bool of_client = !filter.enabled_for.empty();
  ListQuery query(of_client ? "connection_clients e CROSS JOIN connections c" : "connections c",
                  of_client ? "e.seq" : "c.seq");
  if (of_client) {
    query.where("e.tenant", tenant).where("e.client_id", filter.enabled_for);
    query.where("c.tenant = e.tenant").where("c.id = e.connection_id");
  } else {
    query.where("c.tenant", tenant);
  }
  query.where_in("c.strategy", filter.strategies);
  if (!filter.name.empty()) query.where("c.name_folded", to_lower_ascii(filter.name)).where("c.name", filter.name);
  if (filter.only_zitadel) query.where("c.zitadel_id IS NOT NULL").where("c.zitadel_owner", filter.zitadel_owner);
  return query;
}

std::string make_shown_columns() {
  constexpr std::string_view kSettings = "c.settings";
  std::string columns(kConnectionColumns);
  return columns.replace(columns.find(kSettings), kSettings.size(), "'{\"strategy\":\"' || c.strategy || '\"}'");
}

// The columns of a record whose settings name the strategy alone.
const std::string& shown_columns() {
  static const std::string kColumns = make_shown_columns();
  return kColumns;
}

ShownConnection read_shown(RowReader row) { return {.record = read_connection(row), .enabled_clients = {}}; }

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

std::vector<model::Connection> ConnectionStore::list_with_domain(std::string_view domain) {
  static const std::string kSql = select(
      " FROM connection_domains d CROSS JOIN connections c WHERE d.tenant = ?1 AND d.domain = ?2"
      " AND c.tenant = d.tenant AND c.id = d.connection_id ORDER BY c.seq");
  return read_all(tx_.query(kSql, {tenant_, domain}), read_connection);
}

Page<model::Connection> ConnectionStore::list(const ConnectionFilter& filter, const Window& window) {
  return read_page(tx_, list_query(tenant_, filter), kConnectionColumns, window, read_connection);
}

std::optional<ShownConnection> ConnectionStore::find_shown(const ConnectionId& id) {
  static const std::string kSql = "SELECT " + shown_columns() + " FROM connections c WHERE c.tenant = ?1 AND c.id = ?2";
  auto found = read_all(tx_.query(kSql, {tenant_, id}), read_shown);
  if (found.empty()) return std::nullopt;
  read_enabled_clients(found);
  return std::move(found.front());
}

Page<ShownConnection> ConnectionStore::list_shown(const ConnectionFilter& filter, const Window& window) {
  auto page = read_page(tx_, list_query(tenant_, filter), shown_columns(), window, read_shown);
  read_enabled_clients(page.items);
  return page;
}

void ConnectionStore::read_enabled_clients(std::vector<ShownConnection>& connections) {
  if (connections.empty()) return;
  std::vector<db::Value> values{tenant_};
  std::map<std::string_view, std::vector<ClientId>*> by_id;
  for (ShownConnection& connection : connections) {
    values.emplace_back(connection.record.id);
    by_id.emplace(connection.record.id.str(), &connection.enabled_clients);
  }
  // The last one again, so that pages of any length share a few statements.
  values.resize(std::bit_ceil(connections.size()) + 1, values.back());
  std::string sql = "SELECT connection_id, client_id FROM connection_clients WHERE tenant = ?1 AND connection_id IN (?2";
  for (std::size_t number = 3; number <= values.size(); ++number) sql += ", ?" + std::to_string(number);
  sql += ") ORDER BY connection_id, client_id";
  for (db::Row& row : tx_.query(sql, std::move(values)))
    by_id.at(row.text(0))->emplace_back(row.take_text(1));
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

std::vector<model::Connection> ConnectionStore::list_with_clear_headers(db::Transaction& tx, const TenantId& tenant,
                                                                        const ConnectionId& after,
                                                                        std::int64_t limit) {
  static const std::string kSql = select(
      " FROM connections c WHERE c.options LIKE '%\"customHeaders\"%'"
      " AND (c.tenant, c.id) > (?1, ?2) ORDER BY c.tenant, c.id LIMIT ?3");
  return read_all(tx.query(kSql, {tenant, after, limit}), read_connection);
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
