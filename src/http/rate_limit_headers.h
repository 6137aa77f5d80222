#pragma once

#include "base/rate_verdict.h"
#include "http/response.h"

namespace symbolon::http {

/// X-RateLimit-Limit, -Remaining and -Reset; Retry-After too on a 429 (login-runtime OP-20g).
void set_rate_limit_headers(Response& response, const RateVerdict& verdict);

}  // namespace symbolon::http
