#pragma once

#include "base/clock.h"
#include "base/task.h"
#include "db/database.h"
#include "http/request.h"
#include "http/response.h"

namespace symbolon::oidc {

/// GET /oauth/connection/{name}/.well-known/jwks.json (login-runtime OP-12): what a provider checks the client
/// assertions of a private_key_jwt connection with. The key before the last rotation stays for five minutes, so that
/// assertions on their way are still taken.
class ConnectionKeysEndpoint {
 public:
  ConnectionKeysEndpoint(db::Database& db, const Clock& clock) : db_(db), clock_(clock) {}

  Task<http::Response> handle(http::Request request);

 private:
  db::Database& db_;
  const Clock& clock_;
};

}  // namespace symbolon::oidc
