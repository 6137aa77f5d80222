#include "management/tenant_document.h"

#include "management/audit.h"
#include "management/etag.h"
#include "store/tenant_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

Problem no_such_tenant() { return not_found("inexistent_tenant", "The tenant does not exist"); }

}  // namespace

Task<model::Tenant> read_tenant(const Services& services, const Call& call) {
  const TenantId id = call.tenant;
  auto tenant = co_await services.db.read([&](db::Transaction& tx) { return store::TenantStore(tx).find(id); });
  co_return std::move(tenant).value_or(store::tenant_from_document(id, "{}"));
}

Task<std::expected<model::Tenant, Problem>> change_tenant(const Services& services, const Call& call,
                                                          std::string description, TenantChange change) {
  const Instant now = services.clock.now();
  co_return co_await services.db.write([&](db::Transaction& tx) -> std::expected<model::Tenant, Problem> {
    store::TenantStore tenants(tx);
    const auto stored = tenants.find(call.tenant);
    if (!stored) return std::unexpected(no_such_tenant());
    if (auto matches = check_if_match(call, stored->version); !matches) return std::unexpected(matches.error());
    json::object document = json::parse(stored->doc).as_object();
    if (auto problem = change(document)) return std::unexpected(*problem);
    model::Tenant tenant = store::tenant_from_document(call.tenant, json::serialize(document));
    tenant.version = stored->version + 1;
    tenant.created_at = stored->created_at;
    if (tenants.update(tenant, stored->version) != store::Update::done) return std::unexpected(changed_meanwhile());
    log_write(tx, call, description, member_names(call.object()), now);
    return tenant;
  });
}

json::object tenant_section(const model::Tenant& tenant, std::string_view name) {
  const json::value document = json::parse(tenant.doc);
  const auto* section = document.get_object().if_contains(name);
  return section && section->is_object() ? section->get_object() : json::object();
}

void merge_members(json::object& stored, const json::object& sent) {
  for (const auto& [name, value] : sent) {
    if (value.is_null())
      stored.erase(name);
    else
      stored[name] = value;
  }
}

}  // namespace symbolon::management
