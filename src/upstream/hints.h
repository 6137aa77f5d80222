#pragma once

#include <string>
#include <string_view>

#include "model/upstream_settings.h"

/// What an administrator should change, and where, for the usual reasons why a login fails (login-runtime DB-5).
namespace symbolon::upstream::hints {

std::string no_id_token_from_browser();
std::string no_id_token_from_token_endpoint();
/// `invalid_client`, by the method that we used.
std::string client_authentication(model::UpstreamAuthMethod method);
/// For an `error` of the token endpoint or the authorization response; empty when there is nothing to say.
std::string provider_error(std::string_view error, std::string_view description, model::UpstreamAuthMethod method);
/// Points out the trailing slash when that is the only difference.
std::string issuer(std::string_view expected, std::string_view received);
std::string algorithm(std::string_view received);
std::string unknown_key();
std::string nonce();
std::string clock();
/// The e-mail address is not there. Plain OAuth 2.0 providers have no ID token that it could be in.
std::string missing_email(model::Strategy strategy);
std::string unreachable(std::string_view reason);
std::string missing_endpoints();
std::string subject_attribute(std::string_view attribute);
/// The user endpoint's answer is nothing that a person could be found in.
std::string unreadable_user();

}  // namespace symbolon::upstream::hints
