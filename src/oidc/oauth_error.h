#pragma once

#include <string>
#include <string_view>

#include "http/response.h"
#include "http/site.h"
#include "model/oauth_error.h"

namespace symbolon::oidc {

/// The status of an error that is answered as JSON (login-runtime §1.11, §1.15).
int http_status(model::OAuthCode code);

/// RFC 6749 §5.2. `offer_basic`: the caller tried HTTP Basic, so 401 names it (TK-3). Never shows `error.detail`.
http::Response render_token_error(const http::Site& site, const model::OAuthError& error, bool offer_basic);

/// RFC 6750 §3, for resources of ours. Without a token the challenge names no error (§3.1).
http::Response render_bearer_error(const http::Site& site, const model::OAuthError& error, bool token_was_sent);

/// A JSON answer that carries a token or a claim: no-store and the other headers of login-runtime OP-20d.
http::Response render_json(const http::Site& site, int status, std::string body);

/// The headers of OP-20d; HSTS only where the site is served over https.
void protect(http::Response& response, const http::Site& site);

/// `text` as it may stand in an error description: printable ASCII without `"` and `\`, at most 200 characters.
std::string for_description(std::string_view text);

}  // namespace symbolon::oidc
