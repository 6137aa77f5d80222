#include "store/list_query.h"
#include "store/parse_memo.h"
#include "store/resource_server_store.h"
#include "store/sequence.h"
#include "store/versioned.h"

namespace symbolon::store {
namespace {

constexpr std::string_view kColumns = "tenant, doc, version, created_at";

model::ClientGrant read_grant(RowReader row) {
  static thread_local ParseMemo<model::ClientGrant> memo;
  auto tenant = row.id<TenantId>();
  model::ClientGrant grant = memo.get(
      row.text(), [](std::string_view doc) { return client_grant_from_document(TenantId(), std::string(doc)); });
  grant.tenant = std::move(tenant);
  grant.version = row.integer();
  grant.created_at = row.instant();
  return grant;
}

}  // namespace

std::optional<model::ClientGrant> ClientGrantStore::find(std::string_view id) {
  static const std::string kSql =
      "SELECT " + std::string(kColumns) + " FROM client_grants WHERE tenant = ?1 AND id = ?2";
  return read_one(tx_.query(kSql, {tenant_, id}), read_grant);
}

std::optional<model::ClientGrant> ClientGrantStore::find(const ClientId& client, std::string_view audience,
                                                         std::string_view subject_type) {
  static const std::string kSql =
      "SELECT " + std::string(kColumns) +
      " FROM client_grants WHERE tenant = ?1 AND client_id = ?2 AND audience = ?3 AND subject_type = ?4";
  return read_one(tx_.query(kSql, {tenant_, client, audience, subject_type}), read_grant);
}

Page<model::ClientGrant> ClientGrantStore::list(const ClientGrantFilter& filter, const Window& window) {
  ListQuery query("client_grants", "seq");
  query.where("tenant", tenant_);
  if (!filter.client.empty()) query.where("client_id", filter.client);
  if (!filter.audience.empty()) query.where("audience", filter.audience);
  if (!filter.subject_type.empty()) query.where("subject_type", filter.subject_type);
  if (filter.shared) query.where("client_id", std::string());
  if (filter.allow_any_organization)
    query.where(*filter.allow_any_organization ? "doc LIKE '%\"allow_any_organization\":true%'"
                                               : "doc NOT LIKE '%\"allow_any_organization\":true%'");
  return read_page(tx_, query, kColumns, window, read_grant);
}

Insert ClientGrantStore::insert(const model::ClientGrant& grant) {
  const auto inserted = tx_.execute(
      "INSERT INTO client_grants (tenant, id, seq, client_id, audience, subject_type, doc, version, created_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
      {tenant_, grant.id, next_number(tx_, tenant_, "client_grants"), grant.client, grant.audience, grant.subject_type,
       grant.doc, grant.version, grant.created_at});
  return inserted > 0 ? Insert::done : Insert::duplicate;
}

Update ClientGrantStore::update(const model::ClientGrant& grant, std::int64_t based_on) {
  const auto changed = tx_.execute(
      "UPDATE client_grants SET audience = ?4, doc = ?5, version = version + 1"
      " WHERE tenant = ?1 AND id = ?2 AND version = ?3",
      {tenant_, grant.id, based_on, grant.audience, grant.doc});
  return outcome_of(changed, [&] { return find(grant.id).has_value(); });
}

bool ClientGrantStore::remove(std::string_view id) {
  return tx_.execute("DELETE FROM client_grants WHERE tenant = ?1 AND id = ?2", {tenant_, id}) > 0;
}

}  // namespace symbolon::store
