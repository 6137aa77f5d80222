#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// /api/v2/client-grants (management-api §5.3): which scopes of which API a client may have.
class ClientGrants {
 public:
  explicit ClientGrants(const Services& services) : services_(services) {}

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
