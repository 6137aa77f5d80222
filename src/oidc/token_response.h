#pragma once

#include "http/response.h"
#include "http/site.h"
#include "oidc/token_issuer.h"

namespace symbolon::oidc {

/// RFC 6749 §5.1 and OpenID Connect Core §3.1.3.3.
http::Response render_tokens(const http::Site& site, const TokenSet& tokens);

}  // namespace symbolon::oidc
