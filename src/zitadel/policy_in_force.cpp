#include "zitadel/policy_in_force.h"

#include <algorithm>

#include "store/connection_store.h"
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

void PolicyInForce::settle(Instant now) {
  store::LoginPolicyStore policies(tx_, tenant_);
  store::ConnectionStore connections(tx_, tenant_);
  const auto after = offered();
  for (const ConnectionId& connection : before_) {
    if (std::ranges::find(after, connection) != after.end()) continue;
    policies.withdraw(connection);
    connections.mark_changed(connection, now);
  }
  for (const ConnectionId& connection : after) {
    if (std::ranges::find(before_, connection) != before_.end()) continue;
    policies.offer(connection);
    connections.mark_changed(connection, now);
  }
}

}  // namespace symbolon::zitadel
