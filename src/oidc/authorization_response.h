#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/request.h"
#include "http/response.h"
#include "login/recent_failures.h"
#include "model/authorization_request.h"
#include "model/client.h"
#include "model/tenant.h"
#include "oidc/redirect_uri.h"

namespace symbolon::oidc {

/// `code`, `state`, `error`, … in the order in which they are sent.
using ResponseParameters = std::vector<std::pair<std::string, std::string>>;

/// What an answer needs where it is a page of ours.
struct PageContext {
  const http::Request& http;
  const model::Tenant& tenant;
  login::RecentFailures& recent_failures;
  std::string reference;  ///< of a failure that is explained already; empty: the page gets one of its own
};

/// May a page at the redirect's origin get answers as messages (login-runtime RM-3)? Registered web origins may, and
/// callbacks of first-party clients.
bool may_receive_messages(const model::Client& client, const TrustedRedirect& redirect);

/// Answers the client in the request's response mode (login-runtime §1.9), success and error alike. A web message to an
/// origin that may not receive it becomes an error page and says nothing to anybody.
http::Response render_authorization_response(const PageContext& page, const model::Client& client,
                                             const model::AuthorizationRequest& request,
                                             const TrustedRedirect& redirect, const ResponseParameters& parameters,
                                             bool after_post);

/// The page for a redirect_uri that is not (or no longer) registered (E2).
http::Response render_callback_mismatch(const PageContext& page, const model::AuthorizationRequest& request,
                                        RedirectError error);

}  // namespace symbolon::oidc
