#pragma once

#include <expected>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "db/database.h"
#include "http/form.h"
#include "model/oauth_error.h"
#include "oidc/caller.h"
#include "oidc/token_issuer.h"

namespace symbolon::oidc {

/// The parameters of RFC 6749 §6. An empty scope means the whole of the granted one; `audience` may also come as
/// `resource` (login-runtime AZ-16).
struct RefreshRequest {
  std::string refresh_token, audience, resource;
  std::vector<std::string> scope;

  static RefreshRequest from(const http::Form& form);
};

/// grant_type=refresh_token (login-runtime §1.12).
///
/// Everything that decides is one unit of work. Of any number of parallel uses of a rotating token one wins; whoever
/// comes after the client's leeway takes the whole family and its grant with them (RFC 9700 §4.14.2). A request that is
/// refused for another reason does not spend the token.
class RefreshGrant {
 public:
  RefreshGrant(db::Database& db, TokenIssuer& issuer, const Clock& clock, Random& random)
      : db_(db), issuer_(issuer), clock_(clock), random_(random) {}

  Task<std::expected<TokenSet, model::OAuthError>> refresh(Caller caller, model::Client client, RefreshRequest request);

 private:
  db::Database& db_;
  TokenIssuer& issuer_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace symbolon::oidc
