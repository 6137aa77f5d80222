#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// /api/v2/users and /users-by-email (management-api §4).
class Users {
 public:
  explicit Users(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);
  Task<Answer> get(Call call);
  Task<Answer> find_by_email(Call call);

  const Services& services_;
};

}  // namespace symbolon::management
