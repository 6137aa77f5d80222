#pragma once

#include "base/rate_limit.h"
#include "management/api.h"
#include "management/services.h"
#include "management/tenant_keys.h"

namespace symbolon::management {

/// /api/v2/keys/signing (management-api §6.3).
class SigningKeys {
 public:
  SigningKeys(const Services& services, TenantKeys& keys) : services_(services), keys_(keys) {}

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);
  Task<Answer> get(Call call);
  Task<Answer> rotate(Call call);
  Task<Answer> revoke(Call call);

  const Services& services_;
  TenantKeys& keys_;
  RateLimit rotations_{{.per_second = 5.0 / 86400, .burst = 5}};  ///< management-api R-3: five a day
};

}  // namespace symbolon::management
