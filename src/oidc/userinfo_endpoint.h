#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "db/database.h"
#include "http/request.h"
#include "http/response.h"
#include "model/oauth_error.h"
#include "oidc/access_token_verifier.h"

namespace symbolon::oidc {

/// GET and POST /userinfo (OpenID Connect Core §5.3, login-runtime §1.15). Takes opaque access tokens and JWTs with the
/// userinfo audience; the claims are those of the stored profile as it is now. The person must still be admitted.
class UserinfoEndpoint {
 public:
  UserinfoEndpoint(db::Database& db, AccessTokenVerifier& verifier, const Clock& clock)
      : db_(db), verifier_(verifier), clock_(clock) {}

  Task<http::Response> handle(http::Request request);

 private:
  struct Answer;
  Task<std::expected<Answer, model::OAuthError>> answer(http::Request request, std::string token);

  db::Database& db_;
  AccessTokenVerifier& verifier_;
  const Clock& clock_;
};

}  // namespace symbolon::oidc
