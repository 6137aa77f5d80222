#pragma once

#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "db/transaction.h"

namespace symbolon::zitadel {

/// Keeps what applications are offered in step with the policy in force: taken before a change, settled after it, both in
/// the unit of work that changes a policy.
class PolicyInForce {
 public:
  PolicyInForce(db::Transaction& tx, TenantId tenant);

  /// Enables what is offered now, and takes away what was offered before and is not any more. Either changes what the
  /// connection shows, and so its version.
  void settle(Instant now);

 private:
  std::vector<ConnectionId> offered();

  db::Transaction& tx_;
  TenantId tenant_;
  std::vector<ConnectionId> before_;
};

}  // namespace symbolon::zitadel
