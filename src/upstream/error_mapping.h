#pragma once

#include <string>
#include <string_view>

#include "http/client.h"
#include "http/form.h"
#include "model/connection.h"
#include "model/oauth_error.h"
#include "upstream/upstream_error.h"

namespace symbolon::upstream {

/// The connection's label if an error description may hold it (RFC 6749 §5.2), else its name.
std::string plain_label(const model::Connection& connection);

// What applications see. The descriptions say nothing that a provider wrote, with the one exception of §2.13's first
// row.

model::OAuthError misconfigured();
model::OAuthError unreachable(const model::Connection& connection);
model::OAuthError invalid_id_token(const model::Connection& connection);
model::OAuthError unexpected_response();

/// An `error` in the authorization response (login-runtime §2.13). Providers that want to talk to the person although
/// `prompt` forbade it end as access_denied here: the caller has tried once more without it, or could not.
UpstreamError authorization_error(const model::Connection& connection, const http::Form& response);

/// A login on a connection whose endpoints are not all known (RP-2).
UpstreamError missing_endpoints(const model::Connection& connection);

/// A call that got no usable answer. `step` and `rule` as in UpstreamError; `what` is what was called, in plain words.
UpstreamError fetch_error(const model::Connection& connection, std::string step, std::string rule, std::string what,
                          const http::FetchError& failure);

}  // namespace symbolon::upstream
