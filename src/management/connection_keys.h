#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// /api/v2/connections/{id}/keys (management-api §2.10): keys for private_key_jwt at the provider.
class ConnectionKeys {
 public:
  explicit ConnectionKeys(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);
  Task<Answer> create(Call call);
  Task<Answer> rotate(Call call);

  const Services& services_;
};

}  // namespace symbolon::management
