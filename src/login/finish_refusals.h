#pragma once

#include <string>

#include "login/admission.h"
#include "model/authorization_request.h"
#include "upstream/upstream_error.h"

// Why a sign-in that a provider has proved ends without a code: what the application is told, and what the log explains.
namespace symbolon::login {

upstream::UpstreamError from_refusal(Refusal refusal);
/// Not whom id_token_hint or the claim `sub` names (AZ-19).
upstream::UpstreamError other_person();
/// OpenID Connect Core §5.5.1.1: an essential acr that was not reached is a failed authentication.
upstream::UpstreamError weaker_than_asked(const model::AuthorizationRequest& request, const std::string& acr);
/// The person answered a page when the sign-in was older than max_age (AZ-13).
upstream::UpstreamError answered_too_late();
/// The connection is no longer the one that the sign-in started with (SEC-11).
upstream::UpstreamError changed_meanwhile();
/// A front-channel ID token came a second time (V17).
upstream::UpstreamError token_used_before();
/// The sign-in that was to prove an old account leads to none, or to another one (RP-83).
upstream::UpstreamError unknown_account();

}  // namespace symbolon::login
