#include "login/form_guard.h"

#include "http/url.h"
#include "tickets/page_token.h"

namespace symbolon::login {

bool comes_from_our_page(const http::Request& request) {
  const std::string_view origin = request.headers.get("Origin");
  if (origin == request.site->base_url) return true;
  // A page with Referrer-Policy: no-referrer posts with the origin `null` (Fetch, "append a request Origin header").
  if (!origin.empty() && origin != "null") return false;
  const std::string_view fetched_from = request.headers.get("Sec-Fetch-Site");
  return fetched_from.empty() || fetched_from == "same-origin";
}

bool is_our_form(const http::Request& request, const crypto::SecretBox& box, std::string_view purpose,
                 std::string_view bound_to, std::string_view token, Instant now) {
  return comes_from_our_page(request) &&
         tickets::check_form_token(box, request.site->tenant, purpose, bound_to, token, now);
}

std::string form_target_of(const std::string& redirect_uri) {
  const auto url = http::parse_url(redirect_uri);
  if (!url) return {};
  return url->is_https() || url->is_http() ? url->origin() : url->scheme + ":";
}

std::string form_targets_of(const std::string& redirect_uri) {
  std::string targets = "'self' https: http:";
  // Web addresses are in there already; an application of a device has a scheme of its own.
  if (const std::string own = form_target_of(redirect_uri); own.ends_with(':')) targets += " " + own;
  return targets;
}

}  // namespace symbolon::login
