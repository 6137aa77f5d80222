#pragma once

#include <string>

#include "base/task.h"
#include "model/signing_key.h"

namespace symbolon::management {

/// Rotates and revokes the keys that the tenant's tokens are signed with (management-api §6.3). Implemented in app/ over
/// oidc/, which this module does not know.
class TenantKeys {
 public:
  virtual ~TenantKeys() = default;
  /// The key that signs from now on; the one before stays published until it is revoked.
  virtual Task<model::SigningKey> rotate(TenantId tenant) = 0;

  enum class Revocation { done, unknown_key, current_key };
  virtual Task<Revocation> revoke(TenantId tenant, std::string kid) = 0;
};

}  // namespace symbolon::management
