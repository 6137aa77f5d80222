#pragma once

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "oidc/signing_keys.h"

namespace symbolon::oidc {

/// GET /.well-known/jwks.json and /oauth/v2/keys (RFC 7517 §5, login-runtime §1.4).
class KeysEndpoint {
 public:
  explicit KeysEndpoint(SigningKeys& keys) : keys_(keys) {}

  Task<http::Response> handle(http::Request request);

 private:
  SigningKeys& keys_;
};

}  // namespace symbolon::oidc
