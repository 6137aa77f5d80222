#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// /api/v2/branding (management-api §6.6): how our pages look. Kept as `branding` in the tenant's document.
class Branding {
 public:
  explicit Branding(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> get(Call call);
  Task<Answer> update(Call call);

  const Services& services_;
};

}  // namespace symbolon::management
