#pragma once

#include "management/api.h"
#include "management/services.h"
#include "management/session_end.h"

namespace symbolon::management {

/// /api/v2/sessions, /users/{id}/sessions and /users/{id}/revoke-access (management-api §4.3). What they end has ended
/// when they answer.
class Sessions {
 public:
  Sessions(const Services& services, SessionEnd& ending) : services_(services), ending_(ending) {}

  void register_on(Api& api);

 private:
  Task<Answer> get(Call call);
  Task<Answer> update(Call call);
  Task<Answer> remove(Call call);
  Task<Answer> revoke(Call call);
  Task<Answer> list_of_user(Call call);
  Task<Answer> remove_of_user(Call call);
  Task<Answer> revoke_access(Call call);

  const Services& services_;
  SessionEnd& ending_;
};

}  // namespace symbolon::management
