#include "zitadel/policy_in_force.h"

#include <algorithm>

#include "store/login_policy_store.h"

namespace symbolon::zitadel {

PolicyInForce::PolicyInForce(db::Transaction& tx, TenantId tenant)
    : tx_(tx), tenant_(std::move(tenant)), before_(offered()) {}

std::vector<ConnectionId> PolicyInForce::offered() {
  store::LoginPolicyStore policies(tx_, tenant_);
  const auto owner = store::default_policy_owner(tx_, tenant_);
  const auto policy = policies.find(owner);
  if (!policy || !policy->offers_providers) return {};
  return policies.providers(owner);
}

void PolicyInForce::settle() {
  store::LoginPolicyStore policies(tx_, tenant_);
  const auto now = offered();
  for (const ConnectionId& connection : before_)
    if (std::ranges::find(now, connection) == now.end()) policies.withdraw(connection);
  for (const ConnectionId& connection : now)
    if (std::ranges::find(before_, connection) == before_.end()) policies.offer(connection);
}

}  // namespace symbolon::zitadel
