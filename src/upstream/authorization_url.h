#pragma once

#include <expected>
#include <string>

#include "base/random.h"
#include "http/site.h"
#include "model/authorization_request.h"
#include "model/connection.h"
#include "upstream/upstream_error.h"

namespace symbolon::upstream {

/// Where to send the browser, and what must be remembered until it returns.
struct Departure {
  std::string url;
  std::string nonce;             ///< empty when none was sent
  std::string verifier;          ///< empty without PKCE
  std::string challenge_method;  ///< S256, plain or empty
  bool prompt_sent = false, max_age_sent = false;
  bool prompt_added = false;  ///< by the connection's select_account alone; the application asked for none
};

/// The scopes that depart() asks for (RP-25): the connection's, those of its mapping, those that the request adds.
std::string requested_scope(const model::UpstreamSettings& settings, const model::AuthorizationRequest& request);

/// Builds the provider's authorization URL (login-runtime §2.4, RP-20…RP-33). `state` is the login's own;
/// `without_prompt` is the one retry of §2.13. Fails when endpoints are missing or the URL grows past 8 KiB.
std::expected<Departure, UpstreamError> depart(const model::Connection& connection, const http::Site& site,
                                               const model::AuthorizationRequest& request, const std::string& state,
                                               bool without_prompt, Random& random);

}  // namespace symbolon::upstream
