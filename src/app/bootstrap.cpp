#include "app/bootstrap.h"

#include "app/sites.h"
#include "management/new_client.h"
#include "management/system_resource_server.h"
#include "store/tenant_store.h"

namespace symbolon::app {
namespace {

const TenantId kDefaultTenant("default");

void ensure_canonical_domain(store::TenantStore& tenants, const std::string& public_url, Random& random, Instant now) {
  const http::Site site = make_site(kDefaultTenant, public_url);
  for (const store::Domain& domain : tenants.list_domains(kDefaultTenant)) {
    if (!domain.is_canonical) continue;
    if (domain.base_url == public_url) return;
    tenants.remove_domain(kDefaultTenant, domain.id);
  }
  store::Domain domain;
  domain.host = site.host;
  domain.base_url = public_url;
  domain.tenant = kDefaultTenant;
  domain.id = "cd_" + random_alphanumeric(random, 16);
  domain.is_canonical = true;
  domain.verified_at = now;
  domain.doc = "{}";
  domain.version = 1;
  domain.created_at = now;
  if (tenants.insert_domain(domain) == store::Insert::duplicate)
    throw std::runtime_error("public_url: the host " + site.host + " is a custom domain already");
}

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
    return is_new;
  });
}

}  // namespace symbolon::app
