#pragma once

#include <expected>
#include <string>
#include <vector>

#include "base/clock.h"
#include "db/database.h"
#include "http/form.h"
#include "model/oauth_error.h"
#include "oidc/caller.h"
#include "oidc/token_issuer.h"

namespace symbolon::oidc {

/// The parameters of a client credentials request; `audience` may also come as `resource` (login-runtime AZ-16).
struct ClientCredentialsRequest {
  std::string audience, resource;
  std::vector<std::string> scope;

  static ClientCredentialsRequest from(const http::Form& form);
};

/// grant_type=client_credentials (login-runtime TK-20, management-api §5.2): a token for an API in the client's own
/// name.
class ClientCredentialsGrant {
 public:
  ClientCredentialsGrant(db::Database& db, TokenIssuer& issuer, const Clock& clock)
      : db_(db), issuer_(issuer), clock_(clock) {}

  Task<std::expected<TokenSet, model::OAuthError>> issue(Caller caller, model::Client client,
                                                         ClientCredentialsRequest request);

 private:
  db::Database& db_;
  TokenIssuer& issuer_;
  const Clock& clock_;
};

}  // namespace symbolon::oidc
