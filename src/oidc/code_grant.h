#pragma once

#include <expected>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "db/database.h"
#include "http/form.h"
#include "model/oauth_error.h"
#include "oidc/caller.h"
#include "oidc/token_issuer.h"

namespace symbolon::oidc {

/// The parameters of RFC 6749 §4.1.3, RFC 7636 §4.5 and RFC 8707 §2.2. The code is for one API already, so `resource`
/// can but name it again; `audience` counts beside it only.
struct CodeRedemption {
  std::string code, redirect_uri, verifier, audience, resource;

  static CodeRedemption from(const http::Form& form);
};

/// grant_type=authorization_code (login-runtime TK-5…TK-8).
///
/// Everything that decides is one unit of work, so of any number of parallel redemptions one wins. A code that is
/// presented is spent, whatever is wrong with the rest of the request; one that was spent before takes everything with
/// it that the first use got (RFC 6749 §4.1.2).
class CodeGrant {
 public:
  CodeGrant(db::Database& db, TokenIssuer& issuer, const Clock& clock, Random& random)
      : db_(db), issuer_(issuer), clock_(clock), random_(random) {}

  Task<std::expected<TokenSet, model::OAuthError>> redeem(Caller caller, model::Client client, CodeRedemption request);

 private:
  db::Database& db_;
  TokenIssuer& issuer_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace symbolon::oidc
