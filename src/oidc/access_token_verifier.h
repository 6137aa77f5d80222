#pragma once

#include <expected>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "model/oauth_error.h"
#include "oidc/signing_keys.h"

namespace symbolon::oidc {

/// Whose tokens an API of ours takes. A tenant's canonical host counts on each of its domains (management-api A-5), so
/// there may be several of either.
struct AccessTokenRules {
  std::vector<std::string> issuers;
  std::vector<std::string> audiences;
  bool any_audience = false;  ///< to describe a token, never to act on it
};

/// What a genuine token says. That user, client and grant still exist is the API's to check.
struct VerifiedAccessToken {
  std::string issuer, subject;
  ClientId client;
  std::vector<std::string> audiences, scopes;
  std::string jti;
  GrantId grant;                    ///< empty for client credentials
  bool client_credentials = false;  ///< the client acts on its own behalf
  Instant issued_at{}, expires_at{};

  bool has_scope(std::string_view scope) const;
};

/// Verifies JWT access tokens of our own for our own APIs. An ID token is refused, since its audience is a client.
class AccessTokenVerifier {
 public:
  AccessTokenVerifier(SigningKeys& keys, const Clock& clock) : keys_(keys), clock_(clock) {}

  /// invalid_token with the reason as detail.
  Task<std::expected<VerifiedAccessToken, model::OAuthError>> verify(TenantId tenant, std::string token,
                                                                     AccessTokenRules rules);

 private:
  SigningKeys& keys_;
  const Clock& clock_;
};

}  // namespace symbolon::oidc
