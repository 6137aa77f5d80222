#include "http/rate_limit_headers.h"

namespace symbolon::http {

void set_rate_limit_headers(Response& response, const RateVerdict& verdict) {
  response.headers.set("X-RateLimit-Limit", std::to_string(verdict.limit));
  response.headers.set("X-RateLimit-Remaining", std::to_string(verdict.remaining));
  response.headers.set("X-RateLimit-Reset", std::to_string(verdict.reset));
  if (response.status == 429) response.headers.set("Retry-After", std::to_string(verdict.retry_after));
}

}  // namespace symbolon::http
