#pragma once

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "oidc/client_authentication.h"
#include "oidc/client_credentials_grant.h"
#include "oidc/code_grant.h"
#include "oidc/refresh_grant.h"

namespace symbolon::oidc {

/// POST /oauth/token and /oauth/v2/token (RFC 6749 §3.2, login-runtime §1.11). Parses, delegates, renders.
class TokenEndpoint {
 public:
  TokenEndpoint(db::Database& db, const Clock& clock, ClientAuthentication& clients, CodeGrant& code_grant,
                RefreshGrant& refresh_grant, ClientCredentialsGrant& client_credentials_grant)
      : db_(db),
        clock_(clock),
        clients_(clients),
        code_grant_(code_grant),
        refresh_grant_(refresh_grant),
        client_credentials_grant_(client_credentials_grant) {}

  Task<http::Response> handle(http::Request request);

 private:
  Task<std::expected<TokenSet, model::OAuthError>> grant(Caller caller, model::Client client, http::Form form);
  /// Leaves an event of the refusal, if the client is one that has proved who it is.
  Task<void> remember_refusal(Caller caller, model::Client client, std::string grant_type, model::OAuthError error);

  db::Database& db_;
  const Clock& clock_;
  ClientAuthentication& clients_;
  CodeGrant& code_grant_;
  RefreshGrant& refresh_grant_;
  ClientCredentialsGrant& client_credentials_grant_;
};

}  // namespace symbolon::oidc
