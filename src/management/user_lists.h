#pragma once

#include <string>

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// Lists of a user that tools ask for and that are empty here: Symbolon has no roles, organizations, second factors or
/// brute-force blocks of its own, and nobody can connect an account yet (management-api §10). An unknown user is still a
/// 404.
class UserLists {
 public:
  explicit UserLists(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> show_nothing(Call call, std::string plural, bool always_wrapped);
  Task<Answer> show_no_blocks(Call call);
  Task<Answer> lift_no_blocks(Call call);
  /// True as well for a call that names no user by id. Awaited at once by a caller that keeps the call.
  Task<bool> knows_user(const Call& call);

  const Services& services_;
};

}  // namespace symbolon::management
