#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "http/site.h"
#include "model/resource_server.h"

namespace symbolon::oidc {

/// What a JWT access token is made from (login-runtime AT-1).
struct AccessTokenFacts {
  const http::Site& site;
  const model::ResourceServer& api;
  const ClientId& client;
  std::string subject;  ///< user id, or `{client_id}@clients`
  const std::vector<std::string>& scope;
  std::string jti;
  std::string_view gty;  ///< empty for tokens of the code and implicit grants
  Instant now;
  std::chrono::seconds lifetime;
};

boost::json::object access_token_claims(const AccessTokenFacts& facts);

/// `typ` of the header: the API's dialect decides.
std::string_view access_token_type(const model::ResourceServer& api);

/// A `jti` that leads back to the grant, so that our own APIs refuse the tokens of a revoked grant without a row for
/// each token.
std::string make_jti(const GrantId& grant, std::string_view random);
/// Empty for a token that belongs to no grant.
GrantId grant_of_jti(std::string_view jti);

}  // namespace symbolon::oidc
