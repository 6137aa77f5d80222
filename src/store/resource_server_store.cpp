#include "store/resource_server_store.h"

#include "store/list_query.h"
#include "store/parse_memo.h"
#include "store/sequence.h"
#include "store/versioned.h"

namespace symbolon::store {
namespace {

constexpr std::string_view kColumns = "tenant, doc, signing_secret, version, created_at";

model::ResourceServer read_server(RowReader row) {
  static thread_local ParseMemo<model::ResourceServer> memo;
  auto tenant = row.id<TenantId>();
  model::ResourceServer server = memo.get(
      row.text(), [](std::string_view doc) { return resource_server_from_document(TenantId(), std::string(doc)); });
  server.tenant = std::move(tenant);
  server.signing_secret = row.bytes<model::SealedSecret>();
  server.version = row.integer();
  server.created_at = row.instant();
  return server;
}

}  // namespace

std::optional<model::ResourceServer> ResourceServerStore::find(std::string_view id_or_identifier) {
  static const std::string kSql =
      "SELECT " + std::string(kColumns) + " FROM resource_servers WHERE tenant = ?1 AND id = ?2";
  auto server = read_one(tx_.query(kSql, {tenant_, id_or_identifier}), read_server);
  return server ? std::move(server) : find_by_identifier(id_or_identifier);
}

std::optional<model::ResourceServer> ResourceServerStore::find_by_identifier(std::string_view identifier) {
  static const std::string kSql =
      "SELECT " + std::string(kColumns) + " FROM resource_servers WHERE tenant = ?1 AND identifier = ?2";
  return read_one(tx_.query(kSql, {tenant_, identifier}), read_server);
}

Page<model::ResourceServer> ResourceServerStore::list(const std::vector<std::string>& identifiers,
                                                      const Window& window) {
  ListQuery query("resource_servers", "seq");
  query.where("tenant", tenant_).where_in("identifier", identifiers);
  return read_page(tx_, query, kColumns, window, read_server);
}

Insert ResourceServerStore::insert(const model::ResourceServer& server) {
  const auto inserted = tx_.execute(
      "INSERT INTO resource_servers (tenant, id, seq, identifier, name, is_system, signing_secret, doc, version,"
      " created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
      {tenant_, server.id, next_number(tx_, tenant_, "resource_servers"), server.identifier, server.name,
       server.is_system, bind(server.signing_secret), server.doc, server.version, server.created_at});
  return inserted > 0 ? Insert::done : Insert::duplicate;
}

Update ResourceServerStore::update(const model::ResourceServer& server, std::int64_t based_on) {
  const auto changed = tx_.execute(
      "UPDATE resource_servers SET identifier = ?4, name = ?5, is_system = ?6, signing_secret = ?7, doc = ?8,"
      " version = version + 1 WHERE tenant = ?1 AND id = ?2 AND version = ?3",
      {tenant_, server.id, based_on, server.identifier, server.name, server.is_system, bind(server.signing_secret),
       server.doc});
  return outcome_of(changed, [&] {
    return tx_.query_one("SELECT 1 FROM resource_servers WHERE tenant = ?1 AND id = ?2", {tenant_, server.id})
        .has_value();
  });
}

bool ResourceServerStore::remove(std::string_view id) {
  auto removed =
      tx_.query("DELETE FROM resource_servers WHERE tenant = ?1 AND id = ?2 RETURNING identifier", {tenant_, id});
  if (removed.empty()) return false;
  tx_.execute("DELETE FROM client_grants WHERE tenant = ?1 AND audience = ?2", {tenant_, removed.front().take_text(0)});
  return true;
}

}  // namespace symbolon::store
