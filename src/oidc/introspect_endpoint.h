#pragma once

#include "base/clock.h"
#include "base/task.h"
#include "db/database.h"
#include "http/request.h"
#include "http/response.h"
#include "oidc/access_token_verifier.h"
#include "oidc/client_authentication.h"

namespace symbolon::oidc {

/// POST /oauth/v2/introspect (RFC 7662, login-runtime OP-18). For confidential clients only, and only about tokens that
/// were issued to them: everything else is `{"active":false}`, whatever it is. Access tokens of both kinds and refresh
/// tokens; the person behind them must still be admitted.
class IntrospectEndpoint {
 public:
  IntrospectEndpoint(db::Database& db, ClientAuthentication& clients, AccessTokenVerifier& verifier, const Clock& clock)
      : db_(db), clients_(clients), verifier_(verifier), clock_(clock) {}

  Task<http::Response> handle(http::Request request);

 private:
  Task<std::string> describe(http::Site site, model::Client client, std::string token);

  db::Database& db_;
  ClientAuthentication& clients_;
  AccessTokenVerifier& verifier_;
  const Clock& clock_;
};

}  // namespace symbolon::oidc
