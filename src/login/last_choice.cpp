#include "login/last_choice.h"

#include "base/encoding.h"
#include "http/cookie.h"

namespace symbolon::login {
namespace {

constexpr std::string_view kCookie = "last-choice";
constexpr std::string_view kPurpose = "last-choice";
constexpr std::chrono::hours kLifetime{24 * 180};

std::string place(const http::Request& request) { return request.site->tenant.str() + "|" + request.site->base_url; }

}  // namespace

ConnectionId find_last_choice(const http::Request& request, const crypto::SecretBox& box, Instant now) {
  const auto value = http::find_cookie(request.headers, http::cookie_name(kCookie, request.site->secure));
  const auto sealed = value ? base64url_decode(*value) : std::nullopt;
  const auto text = sealed ? box.open(kPurpose, place(request), *sealed) : std::nullopt;
  const auto bar = text ? text->find('|') : std::string::npos;
  if (bar == std::string::npos || now >= from_epoch_seconds(std::stoll(text->substr(0, bar)))) return {};
  return ConnectionId(text->substr(bar + 1));
}

void remember_choice(http::Response& response, const http::Request& request, const crypto::SecretBox& box,
                     const ConnectionId& connection, Instant now) {
  const std::string text = std::to_string(to_epoch_seconds(now + kLifetime)) + "|" + connection.str();
  response.headers.add("Set-Cookie",
                       http::render(http::SetCookie{.name = std::string(kCookie),
                                                    .value = base64url_encode(box.seal(kPurpose, place(request), text)),
                                                    .max_age = kLifetime,
                                                    .secure = request.site->secure}));
}

}  // namespace symbolon::login
