#pragma once

#include <functional>
#include <string>

#include "base/task.h"
#include "db/transaction.h"
#include "model/signing_key.h"

namespace symbolon::management {

/// Rotates and revokes the keys that the tenant's tokens are signed with (management-api §6.3). Implemented in app/ over
/// oidc/, which this module does not know.
class TenantKeys {
 public:
  virtual ~TenantKeys() = default;
  /// What is written together with the change, or not at all.
  using InTheSameCommit = std::function<void(db::Transaction&)>;
  /// The key that signs from now on; the one before stays published until it is revoked.
  virtual Task<model::SigningKey> rotate(TenantId tenant, InTheSameCommit also) = 0;

  enum class Revocation { done, unknown_key, current_key };
  virtual Task<Revocation> revoke(TenantId tenant, std::string kid, InTheSameCommit also) = 0;
};

}  // namespace symbolon::management
