#include "store/tenant_store.h"

#include "store/parse_memo.h"
#include "store/row_reader.h"
#include "store/tenant_tables.h"
#include "store/versioned.h"

namespace symbolon::store {
namespace {

model::Tenant read_tenant(RowReader row) {
  static thread_local ParseMemo<model::Tenant> memo;
  auto id = row.id<TenantId>();
  model::Tenant tenant =
      memo.get(row.text(), [](std::string_view doc) { return tenant_from_document(TenantId(), std::string(doc)); });
  tenant.id = std::move(id);
  tenant.version = row.integer();
  tenant.created_at = row.instant();
  return tenant;
}

Domain read_domain(RowReader row) {
  return {.host = row.text(),
          .base_url = row.text(),
          .tenant = row.id<TenantId>(),
          .id = row.text(),
          .is_canonical = row.flag(),
          .verified_at = row.optional_instant(),
          .doc = row.text(),
          .version = row.integer(),
          .created_at = row.instant()};
}

}  // namespace

std::optional<model::Tenant> TenantStore::find(const TenantId& tenant) {
  return read_one(tx_.query("SELECT tenant, doc, version, created_at FROM tenants WHERE tenant = ?1", {tenant}),
                  read_tenant);
}

std::vector<model::Tenant> TenantStore::list() {
  return read_all(tx_.query("SELECT tenant, doc, version, created_at FROM tenants ORDER BY created_at, tenant"),
                  read_tenant);
}

Insert TenantStore::insert(const model::Tenant& tenant) {
  const auto inserted = tx_.execute(
      "INSERT INTO tenants (tenant, doc, version, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
      {tenant.id, tenant.doc, tenant.version, tenant.created_at});
  return inserted > 0 ? Insert::done : Insert::duplicate;
}

Update TenantStore::update(const model::Tenant& tenant, std::int64_t based_on) {
  const auto changed =
      tx_.execute("UPDATE tenants SET doc = ?3, version = version + 1 WHERE tenant = ?1 AND version = ?2",
                  {tenant.id, based_on, tenant.doc});
  return outcome_of(changed,
                    [&] { return tx_.query_one("SELECT 1 FROM tenants WHERE tenant = ?1", {tenant.id}).has_value(); });
}

bool TenantStore::remove(const TenantId& tenant) {
  std::int64_t removed = 0;
  for (const std::string_view table : kTenantTables)
    removed = tx_.execute("DELETE FROM " + std::string(table) + " WHERE tenant = ?1", {tenant});
  return removed > 0;
}

std::optional<Domain> TenantStore::find_domain(std::string_view host) {
  return read_one(
      tx_.query("SELECT host, base_url, tenant, id, is_canonical, verified_at, doc, version, created_at FROM domains"
                " WHERE host = ?1 AND verified_at IS NOT NULL",
                {host}),
      read_domain);
}

std::optional<Domain> TenantStore::find_domain_by_id(const TenantId& tenant, std::string_view id) {
  return read_one(
      tx_.query("SELECT host, base_url, tenant, id, is_canonical, verified_at, doc, version, created_at FROM domains"
                " WHERE tenant = ?1 AND id = ?2",
                {tenant, id}),
      read_domain);
}

std::vector<Domain> TenantStore::list_domains(const TenantId& tenant) {
  return read_all(
      tx_.query("SELECT host, base_url, tenant, id, is_canonical, verified_at, doc, version, created_at FROM domains"
                " WHERE tenant = ?1 ORDER BY created_at, id",
                {tenant}),
      read_domain);
}

Insert TenantStore::insert_domain(const Domain& domain) {
  const auto inserted = tx_.execute(
      "INSERT INTO domains (host, base_url, tenant, id, is_canonical, verified_at, doc, version, created_at)"
      " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS"
      " (SELECT 1 FROM domains WHERE host = ?1 AND verified_at IS NOT NULL) ON CONFLICT DO NOTHING",
      {domain.host, domain.base_url, domain.tenant, domain.id, domain.is_canonical, domain.verified_at, domain.doc,
       domain.version, domain.created_at});
  return inserted > 0 ? Insert::done : Insert::duplicate;
}

Update TenantStore::update_domain(const Domain& domain, std::int64_t based_on) {
  const auto changed = tx_.execute(
      "UPDATE domains SET base_url = ?7, is_canonical = ?4, verified_at = ?5, doc = ?6, version = version + 1"
      " WHERE tenant = ?1 AND id = ?2 AND version = ?3",
      {domain.tenant, domain.id, based_on, domain.is_canonical, domain.verified_at, domain.doc, domain.base_url});
  return outcome_of(changed, [&] { return find_domain_by_id(domain.tenant, domain.id).has_value(); });
}

bool TenantStore::remove_domain(const TenantId& tenant, std::string_view id) {
  return tx_.execute("DELETE FROM domains WHERE tenant = ?1 AND id = ?2", {tenant, id}) > 0;
}

}  // namespace symbolon::store
