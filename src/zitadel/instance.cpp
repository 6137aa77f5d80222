#include "zitadel/instance.h"

#include "model/number_id.h"
#include "store/login_policy_store.h"
#include "store/organisation_store.h"
#include "zitadel/policy_document.h"

namespace symbolon::zitadel {

std::optional<Instance> find_instance(db::Transaction& tx, const TenantId& tenant) {
  store::OrganisationStore organisations(tx, tenant);
  std::string id = organisations.instance_id();
  auto organisation = organisations.find_default();
  if (id.empty() || !organisation) return std::nullopt;
  return Instance{std::move(id), std::move(*organisation)};
}

Instance ensure_instance(db::Transaction& tx, const TenantId& tenant, Random& random, Instant now) {
  if (auto found = find_instance(tx, tenant)) return std::move(*found);
  store::OrganisationStore organisations(tx, tenant);
  organisations.make_instance(model::make_number_id(now, random), now);
  if (!organisations.find_default())
    organisations.insert({.tenant = tenant,
                          .id = model::OrganisationId(model::make_number_id(now, random)),
                          .name = "Default",
                          .domain_label = "default",
                          .is_default = true,
                          .version = 1,
                          .created_at = now,
                          .updated_at = now});
  store::LoginPolicyStore(tx, tenant)
      .insert({.tenant = tenant,
               .owner = {},
               .offers_providers = true,
               .doc = default_policy(),
               .version = 1,
               .created_at = now,
               .updated_at = now});
  return find_instance(tx, tenant).value();
}

}  // namespace symbolon::zitadel
