#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// /api/v2/refresh-tokens and /users/{id}/refresh-tokens (management-api §4.4). A revoked token takes with it every
/// token that it was rotated from or into.
class RefreshTokens {
 public:
  explicit RefreshTokens(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);
  Task<Answer> list_of_user(Call call);
  Task<Answer> get(Call call);
  Task<Answer> update(Call call);
  Task<Answer> remove(Call call);
  Task<Answer> remove_of_user(Call call);
  Task<Answer> revoke(Call call);

  const Services& services_;
};

}  // namespace symbolon::management
