#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/random.h"
#include "base/task.h"
#include "base/workers.h"
#include "http/site.h"
#include "model/client.h"
#include "model/grant.h"
#include "model/resource_server.h"
#include "model/user.h"
#include "oidc/signing_keys.h"

namespace symbolon::oidc {

/// What a client gets for a grant, in clear. Empty strings are not in the answer.
struct TokenSet {
  std::string access_token, id_token, refresh_token;
  std::string scope;
  std::chrono::seconds expires_in{0};
};

/// What is to be made for a person's grant that is already written.
struct TokenOrder {
  http::Site site;
  model::Client client;
  model::Grant grant;
  model::User user;
  std::optional<model::ResourceServer> api;  ///< absent: the access token is opaque and was made with the grant
  std::string opaque_access_token;
  std::chrono::seconds access_token_lifetime{0};
  std::string code;  ///< for c_hash; empty outside the front channel
  std::string nonce;
  std::string_view gty;  ///< of a JWT access token; empty outside the refresh grant
  bool wants_access_token = true;
  bool wants_id_token = true;
  Instant now;

  /// What the token endpoint answers under `grant`: an access token for `api`, or the opaque one that was written, and
  /// an ID token when the grant's scope has openid.
  static TokenOrder under_grant(http::Site site, model::Client client, model::Grant grant, model::User user,
                                std::optional<model::ResourceServer> api, std::string opaque, Instant now);
};

/// Life of an access token without an API (login-runtime §0.4).
inline constexpr std::chrono::seconds kUserinfoTokenLifetime{86400};
inline constexpr std::chrono::seconds kImplicitTokenLifetime{7200};

/// Makes tokens; everything about one answer is signed in one job, on a worker unless it takes no longer than a hop.
class TokenIssuer {
 public:
  TokenIssuer(SigningKeys& keys, Workers& workers, Random& random) : keys_(keys), workers_(workers), random_(random) {}

  Task<TokenSet> issue(TokenOrder order);

  /// For a client on its own behalf (TK-20).
  Task<TokenSet> issue_for_client(http::Site site, ClientId client, model::ResourceServer api,
                                  std::vector<std::string> scope, Instant now);

 private:
  SigningKeys& keys_;
  Workers& workers_;
  Random& random_;
};

}  // namespace symbolon::oidc
