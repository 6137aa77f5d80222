#include "oidc/oauth_error.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "http/rate_limit_headers.h"

namespace symbolon::oidc {
namespace {

using model::OAuthCode;
using model::OAuthError;

std::string body_of(const OAuthError& error) {
  const std::string_view code = to_string(error.code);
  return boost::json::serialize(boost::json::object{{"error", boost::json::string_view(code.data(), code.size())},
                                                    {"error_description", error.description}});
}

}  // namespace

int http_status(OAuthCode code) {
  switch (code) {  // no default: -Werror=switch makes a new code choose its status here
    case OAuthCode::invalid_client:
    case OAuthCode::invalid_token:
      return 401;
    case OAuthCode::unauthorized_client:
    case OAuthCode::access_denied:
    case OAuthCode::insufficient_scope:
      return 403;
    case OAuthCode::server_error:
      return 500;
    case OAuthCode::temporarily_unavailable:
      return 503;
    case OAuthCode::invalid_request:
    case OAuthCode::invalid_grant:
    case OAuthCode::invalid_scope:
    case OAuthCode::unsupported_grant_type:
    case OAuthCode::unsupported_response_type:
    case OAuthCode::login_required:
    case OAuthCode::consent_required:
    case OAuthCode::interaction_required:
    case OAuthCode::account_selection_required:
    case OAuthCode::unmet_authentication_requirements:
    case OAuthCode::request_not_supported:
    case OAuthCode::request_uri_not_supported:
    case OAuthCode::invalid_request_object:
    case OAuthCode::invalid_request_uri:
      return 400;
    case OAuthCode::too_many_requests:
      return 429;
  }
  throw std::logic_error("OAuthCode outside its enumerators");
}

http::Response render_token_error(const http::Site& site, const OAuthError& error, bool offer_basic) {
  http::Response response = render_json(site, http_status(error.code), body_of(error));
  if (error.rate) http::set_rate_limit_headers(response, *error.rate);
  if (response.status == 401 && offer_basic)
    response.headers.set("WWW-Authenticate", "Basic realm=\"token endpoint\", charset=\"UTF-8\"");
  return response;
}

http::Response render_bearer_error(const http::Site& site, const OAuthError& error, bool token_was_sent) {
  http::Response response = render_json(site, http_status(error.code), body_of(error));
  std::string challenge = "Bearer realm=\"userinfo\"";
  if (token_was_sent)
    challenge += ", error=\"" + std::string(to_string(error.code)) + "\", error_description=\"" +
                 for_description(error.description) + "\"";
  response.headers.set("WWW-Authenticate", std::move(challenge));
  return response;
}

http::Response render_json(const http::Site& site, int status, std::string body) {
  http::Response response = http::json_response(status, std::move(body));
  protect(response, site);
  return response;
}

void protect(http::Response& response, const http::Site& site) {
  http::forbid_caching(response);
  if (site.secure) response.headers.set("Strict-Transport-Security", "max-age=31536000");
}

std::string for_description(std::string_view text) {
  std::string out;
  for (const char letter : text.substr(0, 200)) {
    const bool allowed = letter >= 0x20 && letter < 0x7f && letter != '"' && letter != '\\';
    out.push_back(allowed ? letter : '?');
  }
  return out;
}

}  // namespace symbolon::oidc
