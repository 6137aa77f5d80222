#pragma once

#include "oidc/logout.h"
#include "oidc/signing_keys.h"

namespace symbolon::oidc {

/// GET and POST /oidc/logout and /oidc/v1/end_session (OpenID Connect RP-Initiated Logout 1.0, login-runtime §6.2).
/// Asks the person unless a hint proves that the application speaks of this very session (LO-17).
class RpLogoutEndpoint {
 public:
  RpLogoutEndpoint(const login::Services& services, SigningKeys& keys, Logout& logout)
      : services_(services), keys_(keys), logout_(logout) {}

  Task<http::Response> handle(http::Request request);

 private:
  const login::Services& services_;
  SigningKeys& keys_;
  Logout& logout_;
};

}  // namespace symbolon::oidc
