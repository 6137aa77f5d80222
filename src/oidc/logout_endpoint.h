#pragma once

#include "base/rate_limit.h"
#include "oidc/logout.h"

namespace symbolon::oidc {

/// GET /v2/logout (login-runtime §6.1): logs out without a question and returns to a registered address. Only for a
/// browser that goes there itself; images, frames and scripts of other sites end nothing (LO-6).
class LogoutEndpoint {
 public:
  LogoutEndpoint(const login::Services& services, Logout& logout) : services_(services), logout_(logout) {}

  Task<http::Response> handle(http::Request request);

 private:
  const login::Services& services_;
  Logout& logout_;
  RateLimit visits_{{.per_second = 50, .burst = 500}};
};

}  // namespace symbolon::oidc
