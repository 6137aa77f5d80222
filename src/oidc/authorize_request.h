#pragma once

#include <expected>
#include <optional>
#include <string>

#include "http/form.h"
#include "http/request.h"
#include "model/authorization_request.h"
#include "model/client.h"
#include "model/oauth_error.h"
#include "model/tenant.h"
#include "oidc/redirect_uri.h"
#include "oidc/scopes.h"

namespace symbolon::oidc {

/// The parameters of a request to /authorize as they came, from the query or from a posted form.
struct AuthorizeParameters {
  http::Form form;
  std::optional<std::string> repeated;  ///< a name given twice (OP-20b)
  bool pushed = false;                  ///< left with us before (PAR)
  bool was_signed = false;              ///< out of a request object (JAR)
};

/// A refusal while there is nowhere to redirect to: rules E1 and E2 of login-runtime §1.8.
struct PageRefusal {
  int status = 400;
  model::OAuthError error;  ///< described by the English text of `why`
  bool callback_mismatch = false;
  pages::RefusalText why = pages::RefusalText::malformed;  ///< for the person

  PageRefusal(int http_status, model::OAuthCode code, pages::RefusalText reason, std::string detail = {})
      : status(http_status),
        error{code, std::string(pages::text("en", reason)), std::move(detail)},
        why(reason) {}
};

/// Reads query or form within the limits of OP-20c.
std::expected<AuthorizeParameters, PageRefusal> parse_authorize_parameters(const http::Request& request);

/// First phase (§1.7 steps 2 and 5): who asks, and where may an answer go? Until this holds, errors are pages.
std::expected<TrustedRedirect, PageRefusal> trust_redirect(const AuthorizeParameters& parameters,
                                                           const std::optional<model::Client>& client);

/// What the second phase judges by, besides the parameters.
struct AuthorizeContext {
  const model::Tenant& tenant;
  const model::Client& client;
  std::string audience;                       ///< asked for, or the tenant's default; may name no API
  std::optional<ApiAccess> api;               ///< of `audience`
  std::optional<std::string> hinted_subject;  ///< of an id_token_hint that proved to be ours
  bool realm_is_connection = false;           ///< AZ-24
};

/// Where and how an answer goes: client, redirect_uri, response_mode and state. Read before anything else is judged, so
/// that every refusal of the second phase reaches the client as it asked (§1.8).
model::AuthorizationRequest return_address(const AuthorizeParameters& parameters, const model::Client& client,
                                           const TrustedRedirect& redirect);

/// Second phase (§1.7 steps 6 and 7): every other rule of §1.5, in order; the first that fails is answered. `request`
/// is a return_address() that becomes complete.
std::optional<model::OAuthError> check_authorize_request(const AuthorizeParameters& parameters,
                                                         const AuthorizeContext& context,
                                                         const TrustedRedirect& redirect,
                                                         model::AuthorizationRequest& request);

}  // namespace symbolon::oidc
