#pragma once

#include <expected>

#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "model/oauth_error.h"

namespace symbolon::oidc {

/// A body that cannot be read as parameters. `status` is 400, 413 or 415.
struct UnreadableForm {
  int status = 400;
  model::OAuthError error;
};

/// The parameters that a client posts to /oauth/token and its like: a form, or a JSON object of strings (login-runtime
/// OP-20a). A name given twice is refused.
std::expected<http::Form, UnreadableForm> read_client_form(const http::Request& request);

http::Response render(const http::Site& site, const UnreadableForm& unreadable);

}  // namespace symbolon::oidc
