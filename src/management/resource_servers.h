#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// /api/v2/resource-servers (management-api §5.4): APIs that access tokens are made for.
class ResourceServers {
 public:
  explicit ResourceServers(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);
  Task<Answer> get(Call call);
  Task<Answer> create(Call call);
  Task<Answer> update(Call call);
  Task<Answer> remove(Call call);

  const Services& services_;
};

}  // namespace symbolon::management
