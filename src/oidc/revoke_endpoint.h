#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/task.h"
#include "db/database.h"
#include "http/request.h"
#include "http/response.h"
#include "oidc/caller.h"
#include "oidc/client_authentication.h"

namespace symbolon::oidc {

/// POST /oauth/revoke and /oauth/v2/revoke (RFC 7009, login-runtime §1.16). Takes refresh tokens and opaque access
/// tokens. A refresh token goes with everything that its grant issued; with the tenant flag revoke_refresh_token_grant
/// every grant of that person, client and API goes. A token of another client is refused and stays.
class RevokeEndpoint {
 public:
  RevokeEndpoint(db::Database& db, ClientAuthentication& clients, const Clock& clock)
      : db_(db), clients_(clients), clock_(clock) {}

  Task<http::Response> handle(http::Request request);

 private:
  Task<std::optional<model::OAuthError>> revoke(Caller caller, model::Client client, std::string token);

  db::Database& db_;
  ClientAuthentication& clients_;
  const Clock& clock_;
};

}  // namespace symbolon::oidc
