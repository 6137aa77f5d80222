#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// /api/v2/self-service-profiles (management-api §6.7): what a customer's administrator may set up alone.
class SelfServiceProfiles {
 public:
  explicit SelfServiceProfiles(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);
  Task<Answer> get(Call call);
  Task<Answer> create(Call call);
  Task<Answer> update(Call call);
  Task<Answer> remove(Call call);
  Task<Answer> get_text(Call call);
  Task<Answer> put_text(Call call);

  const Services& services_;
};

}  // namespace symbolon::management
