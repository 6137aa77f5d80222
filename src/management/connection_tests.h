#pragma once

#include "base/rate_limit.h"
#include "login/recent_failures.h"
#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// What an administrator asks before a connection is enabled, and after a login failed (login-runtime §4.1, §4.2):
/// extension endpoints, open to any token with the scope.
class ConnectionTests {
 public:
  ConnectionTests(const Services& services, login::RecentFailures& recent_failures)
      : services_(services), recent_failures_(recent_failures), probes_({.per_second = 0.5, .burst = 30}) {}

  void register_on(Api& api);

 private:
  Task<Answer> probe(Call call);
  Task<Answer> order(Call call);
  Task<Answer> result(Call call);
  Task<Answer> explain(Call call);

  const Services& services_;
  login::RecentFailures& recent_failures_;
  RateLimit probes_;
};

}  // namespace symbolon::management
