#pragma once

#include "management/api.h"
#include "management/services.h"
#include "management/session_end.h"

namespace symbolon::management {

/// What changes a user: POST, PATCH and DELETE of /api/v2/users (management-api §4.2). A user who is blocked or deleted
/// is out everywhere when the call answers.
class UserChanges {
 public:
  UserChanges(const Services& services, SessionEnd& ending) : services_(services), ending_(ending) {}

  void register_on(Api& api);

 private:
  Task<Answer> create(Call call);
  Task<Answer> update(Call call);
  Task<Answer> remove(Call call);

  const Services& services_;
  SessionEnd& ending_;
};

/// Refuses a caller who holds none of `scopes` and is not the person in the path either (management-api A-4).
std::optional<Problem> check_own_record(const Call& call, const std::vector<std::string>& scopes);

}  // namespace symbolon::management
