#include "oidc/token_response.h"

#include <boost/json.hpp>

#include "oidc/oauth_error.h"

namespace symbolon::oidc {

http::Response render_tokens(const http::Site& site, const TokenSet& tokens) {
  boost::json::object body{{"access_token", tokens.access_token}};
  if (!tokens.refresh_token.empty()) body["refresh_token"] = tokens.refresh_token;
  if (!tokens.id_token.empty()) body["id_token"] = tokens.id_token;
  if (!tokens.scope.empty()) body["scope"] = tokens.scope;
  body["expires_in"] = tokens.expires_in.count();
  body["token_type"] = "Bearer";
  return render_json(site, 200, boost::json::serialize(body));
}

}  // namespace symbolon::oidc
