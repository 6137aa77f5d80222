#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// /api/v2/stats (management-api §6.2), counted from the log as far back as it is kept, and from users' last logins.
class Stats {
 public:
  explicit Stats(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> daily(Call call);
  Task<Answer> active_users(Call call);

  const Services& services_;
};

}  // namespace symbolon::management
