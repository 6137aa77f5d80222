#pragma once

#include <expected>

#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "db/database.h"
#include "http/request.h"
#include "http/response.h"
#include "oidc/authorize_facts.h"
#include "oidc/client_authentication.h"
#include "oidc/pushed_request.h"
#include "oidc/signing_keys.h"

namespace symbolon::oidc {

/// POST /oauth/par (RFC 9126, login-runtime PAR-1): an authorization request that its client leaves here, proved and
/// judged completely, before it sends a browser with nothing but the name of it. Where the tenant allows it.
class PushedRequestEndpoint {
 public:
  PushedRequestEndpoint(db::Database& db, ClientAuthentication& clients, SigningKeys& keys, const Clock& clock,
                        Random& random)
      : db_(db), clients_(clients), keys_(keys), clock_(clock), random_(random) {}

  Task<http::Response> handle(http::Request request);

 private:
  Task<std::expected<PushedRequest, model::OAuthError>> judge(http::Site site, model::Client client, http::Form form);

  db::Database& db_;
  ClientAuthentication& clients_;
  SigningKeys& keys_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace symbolon::oidc
