#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// /api/v2/logs and /users/{id}/logs (management-api §6.1): newest first by page, oldest first after a log_id, searched
/// with q.
class Logs {
 public:
  explicit Logs(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);
  Task<Answer> get(Call call);

  const Services& services_;
};

}  // namespace symbolon::management
