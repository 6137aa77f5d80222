#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// /api/v2/tenants/settings (management-api §6.4). Lifetimes are shown in hours, as in Auth0's answers, whichever unit
/// they were sent in.
class TenantSettings {
 public:
  explicit TenantSettings(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> get(Call call);
  Task<Answer> update(Call call);

  const Services& services_;
};

}  // namespace symbolon::management
