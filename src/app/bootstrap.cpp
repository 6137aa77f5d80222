#include "app/bootstrap.h"

#include "app/sites.h"
#include "management/new_client.h"
#include "management/system_resource_server.h"
#include "store/tenant_store.h"
#include "zitadel/instance.h"

namespace symbolon::app {
namespace {

const TenantId kDefaultTenant("default");

store::Insert add_domain(store::TenantStore& tenants, const TenantId& tenant, const std::string& base_url,
                         bool canonical, Random& random, Instant now) {
  store::Domain domain;
  domain.host = make_site(tenant, base_url).host;
  domain.base_url = base_url;
  domain.tenant = tenant;
  domain.id = "cd_" + random_alphanumeric(random, 16);
  domain.is_canonical = canonical;
  domain.verified_at = now;
  domain.doc = "{}";
  domain.version = 1;
  domain.created_at = now;
  return tenants.insert_domain(domain);
}

void ensure_canonical_domain(store::TenantStore& tenants, const std::string& public_url, Random& random, Instant now) {
  for (const store::Domain& domain : tenants.list_domains(kDefaultTenant)) {
    if (!domain.is_canonical) continue;
    if (domain.base_url == public_url) return;
    tenants.remove_domain(kDefaultTenant, domain.id);
  }
  if (add_domain(tenants, kDefaultTenant, public_url, true, random, now) == store::Insert::duplicate)
    throw std::runtime_error("public_url: the host " + make_site(kDefaultTenant, public_url).host +
                             " is a custom domain already");
}

bool is_tenant_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 63 && name.front() != '-' && name.back() != '-' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

// A refusal in the middle of a unit of work, so that nothing of it stays.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace

Task<bool> ensure_default_tenant(db::Database& db, std::string public_url, Random& random, Instant now) {
  co_return co_await db.write([&](db::Transaction& tx) {
    store::TenantStore tenants(tx);
    const bool is_new = !tenants.find(kDefaultTenant);
    if (is_new) {
      model::Tenant tenant = store::tenant_from_document(kDefaultTenant, "{}");
      tenant.version = 1;
      tenant.created_at = now;
      tenants.insert(tenant);
    }
    ensure_canonical_domain(tenants, public_url, random, now);
    management::ensure_system_resource_server(tx, kDefaultTenant, public_url, random, now);
    management::ensure_global_client(tx, kDefaultTenant, random, now);
    zitadel::ensure_instance(tx, kDefaultTenant, random, now);
    return is_new;
  });
}

Task<std::expected<void, std::string>> create_tenant(db::Database& db, TenantId name,
                                                     std::vector<std::string> base_urls, Random& random, Instant now) {
  if (!is_tenant_name(name.str()))
    co_return std::unexpected("a tenant's name has 3 to 63 of a-z, 0-9 and -, and neither begins nor ends with -");
  if (base_urls.empty()) co_return std::unexpected("a tenant needs a host name");
  std::string refused;
  try {
    co_await db.write([&](db::Transaction& tx) {
      store::TenantStore tenants(tx);
      model::Tenant tenant = store::tenant_from_document(name, "{\"friendly_name\":\"" + name.str() + "\"}");
      tenant.version = 1;
      tenant.created_at = now;
      if (tenants.insert(tenant) == store::Insert::duplicate) throw Refused("the tenant " + name.str() + " exists already");
      for (const std::string& base_url : base_urls)
        if (add_domain(tenants, name, base_url, &base_url == &base_urls.front(), random, now) ==
            store::Insert::duplicate)
          throw Refused("the host " + make_site(name, base_url).host + " belongs to a tenant already");
      management::ensure_system_resource_server(tx, name, base_urls.front(), random, now);
      management::ensure_global_client(tx, name, random, now);
    });
  } catch (const Refused& refusal) {
    refused = refusal.what();
  }
  if (!refused.empty()) co_return std::unexpected(refused);
  co_return std::expected<void, std::string>();
}

}  // namespace symbolon::app
