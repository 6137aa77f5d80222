#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/task.h"
#include "db/transaction.h"
#include "http/request.h"
#include "http/response.h"
#include "model/authorization_request.h"
#include "model/client.h"
#include "model/grant.h"
#include "model/oauth_error.h"
#include "model/resource_server.h"
#include "model/session.h"
#include "model/user.h"

namespace symbolon::login {

/// Who signed in, and how.
struct SignedIn {
  model::User user;
  model::Session session;
  std::string login_claims;  ///< JSON object: attributes of this login only (RP-73); empty when none
};

/// What issue() wrote and respond() needs to answer with. Values in clear exist here only.
struct IssuedAuthorization {
  SignedIn who;
  GrantId grant;
  std::string code;          ///< empty unless asked for
  std::string access_token;  ///< opaque, empty unless asked for
  Instant issued_at{};
  model::Grant granted;      ///< the whole of `grant`, for the tokens that respond() signs
  std::optional<model::ResourceServer> api;  ///< of the grant's audience
  bool with_issuer = true;   ///< the answer names us (RFC 9207); the tenant's switch
};

/// The provider side as the login sees it: how a finished or failed login is answered. Implemented in oidc/, which
/// depends on login/ and not the other way round.
class AuthorizationResponder {
 public:
  virtual ~AuthorizationResponder() = default;

  /// Inside the caller's unit of work: makes the grant and what the response type asks for, and records the client in
  /// the session (AZ-33).
  virtual IssuedAuthorization issue(db::Transaction& tx, const http::Site& site, const model::Client& client,
                                    const model::AuthorizationRequest& request, SignedIn who, Instant now) = 0;

  /// Success, in the request's response mode, through a redirect_uri that is checked against the client once more.
  virtual Task<http::Response> respond(http::Request http, model::Client client, model::AuthorizationRequest request,
                                       IssuedAuthorization issued, bool after_post) = 0;

  /// An error redirect (login-runtime §1.8), or a page when the redirect_uri is no longer registered. `reference` is
  /// shown on that page; empty: the page gets one of its own.
  virtual Task<http::Response> refuse(http::Request http, model::Client client, model::AuthorizationRequest request,
                                      model::OAuthError error, std::string reference, bool after_post) = 0;
};

}  // namespace symbolon::login
