#include "model/oauth_error.h"

#include <stdexcept>

namespace symbolon::model {

std::string_view to_string(OAuthCode code) {
  switch (code) {
    case OAuthCode::invalid_request: return "invalid_request";
    case OAuthCode::invalid_client: return "invalid_client";
    case OAuthCode::invalid_grant: return "invalid_grant";
    case OAuthCode::invalid_scope: return "invalid_scope";
    case OAuthCode::invalid_token: return "invalid_token";
    case OAuthCode::insufficient_scope: return "insufficient_scope";
    case OAuthCode::unauthorized_client: return "unauthorized_client";
    case OAuthCode::unsupported_grant_type: return "unsupported_grant_type";
    case OAuthCode::unsupported_response_type: return "unsupported_response_type";
    case OAuthCode::access_denied: return "access_denied";
    case OAuthCode::server_error: return "server_error";
    case OAuthCode::temporarily_unavailable: return "temporarily_unavailable";
    case OAuthCode::login_required: return "login_required";
    case OAuthCode::consent_required: return "consent_required";
    case OAuthCode::interaction_required: return "interaction_required";
    case OAuthCode::account_selection_required: return "account_selection_required";
    case OAuthCode::unmet_authentication_requirements: return "unmet_authentication_requirements";
    case OAuthCode::request_not_supported: return "request_not_supported";
    case OAuthCode::request_uri_not_supported: return "request_uri_not_supported";
    case OAuthCode::invalid_request_object: return "invalid_request_object";
    case OAuthCode::invalid_request_uri: return "invalid_request_uri";
    case OAuthCode::too_many_requests: return "too_many_requests";
  }
  throw std::logic_error("OAuthCode outside its enumerators");
}

}  // namespace symbolon::model
