#pragma once

#include "base/random.h"
#include "db/database.h"
#include "login/authorization_responder.h"
#include "login/recent_failures.h"
#include "oidc/authorization_response.h"
#include "oidc/token_issuer.h"

namespace symbolon::oidc {

/// Life of an authorization code (login-runtime §0.4).
inline constexpr std::chrono::seconds kCodeLifetime{60};

/// The provider side of a finished or failed login: writes grant and code, signs front-channel tokens, and answers in
/// the response mode that was asked for.
class AuthorizationIssuer final : public login::AuthorizationResponder {
 public:
  AuthorizationIssuer(db::Database& db, TokenIssuer& tokens, Random& random, login::RecentFailures& recent_failures)
      : db_(db), tokens_(tokens), random_(random), recent_failures_(recent_failures) {}

  login::IssuedAuthorization issue(db::Transaction& tx, const http::Site& site, const model::Client& client,
                                   const model::AuthorizationRequest& request, login::SignedIn who,
                                   Instant now) override;

  Task<http::Response> respond(http::Request http, model::Client client, model::AuthorizationRequest request,
                               login::IssuedAuthorization issued, bool after_post) override;

  Task<http::Response> refuse(http::Request http, model::Client client, model::AuthorizationRequest request,
                              model::OAuthError error, std::string reference, bool after_post) override;

 private:
  db::Database& db_;
  TokenIssuer& tokens_;
  Random& random_;
  login::RecentFailures& recent_failures_;
};

/// refuse() for a caller that has read the tenant.
http::Response render_refusal(const PageContext& page, const model::Client& client,
                              const model::AuthorizationRequest& request, const model::OAuthError& error,
                              bool after_post);

}  // namespace symbolon::oidc
