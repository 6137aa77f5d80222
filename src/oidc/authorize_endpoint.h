#pragma once

#include "base/clock.h"
#include "base/task.h"
#include "db/database.h"
#include "http/request.h"
#include "http/response.h"
#include "login/authorize_flow.h"
#include "login/recent_failures.h"
#include "oidc/authorize_facts.h"
#include "oidc/authorize_request.h"
#include "oidc/signing_keys.h"

namespace symbolon::oidc {

/// GET and POST /authorize and /oauth/v2/authorize (OpenID Connect Core §3.1.2, login-runtime §1.7). Checks the request
/// with one read of the database and hands it to the login; writes nothing, except that a pushed request is used up.
class AuthorizeEndpoint {
 public:
  AuthorizeEndpoint(db::Database& db, SigningKeys& keys, login::AuthorizeFlow& flow, const Clock& clock,
                    login::RecentFailures& recent_failures)
      : db_(db), keys_(keys), flow_(flow), clock_(clock), recent_failures_(recent_failures) {}

  Task<http::Response> handle(http::Request request);

 private:
  Task<std::optional<PageRefusal>> unwrap(http::Site site, AuthorizeParameters& parameters);
  http::Response show(const http::Request& request, const model::Tenant& tenant, const model::Client* client,
                      const PageRefusal& refusal);
  Task<http::Response> refuse_unread(http::Request request, PageRefusal refusal);

  db::Database& db_;
  SigningKeys& keys_;
  login::AuthorizeFlow& flow_;
  const Clock& clock_;
  login::RecentFailures& recent_failures_;
};

}  // namespace symbolon::oidc
