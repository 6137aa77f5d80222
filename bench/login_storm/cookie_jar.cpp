#include "login_storm/cookie_jar.h"

#include <time.h>

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace symbolon::bench {
namespace {

using std::chrono::sys_seconds;

std::string default_path(std::string_view request_path) {  // RFC 6265 §5.1.4
  const std::size_t slash = request_path.rfind('/');
  if (!request_path.starts_with('/') || slash == 0) return "/";
  return std::string(request_path.substr(0, slash));
}

bool path_matches(std::string_view path, std::string_view cookie_path) {
  if (!path.starts_with(cookie_path)) return false;
  return path.size() == cookie_path.size() || cookie_path.ends_with('/') || path[cookie_path.size()] == '/';
}

std::optional<sys_seconds> parse_http_date(const std::string& text) {
  for (const char* format : {"%a, %d %b %Y %H:%M:%S GMT", "%a, %d-%b-%Y %H:%M:%S GMT"}) {
    tm fields{};
    if (strptime(text.c_str(), format, &fields) != nullptr) return sys_seconds(std::chrono::seconds(timegm(&fields)));
  }
  return std::nullopt;
}

struct Attributes {
  std::optional<std::string> path;
  std::optional<long> max_age;
  std::optional<sys_seconds> expires;

  bool expired(sys_seconds now) const { return max_age ? *max_age <= 0 : expires && *expires <= now; }
};

Attributes parse_attributes(std::string_view text) {
  Attributes found;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view name = trim(part.substr(0, equals));
    const std::string value(trim(part.substr(std::min(equals + 1, part.size()))));
    if (equals_ignoring_case(name, "path") && value.starts_with('/')) found.path = value;
    if (equals_ignoring_case(name, "max-age")) {
      char* end = nullptr;
      const long seconds = std::strtol(value.c_str(), &end, 10);
      if (!value.empty() && *end == '\0') found.max_age = seconds;
    }
    if (equals_ignoring_case(name, "expires")) found.expires = parse_http_date(value);
  }
  return found;
}

}  // namespace

void CookieJar::take(std::string_view set_cookie, std::string_view request_path, sys_seconds now) {
  const std::size_t end = std::min(set_cookie.find(';'), set_cookie.size());
  const std::string_view pair = set_cookie.substr(0, end);
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos || trim(pair.substr(0, equals)).empty()) return;
  const Attributes attributes = parse_attributes(set_cookie.substr(std::min(end + 1, set_cookie.size())));
  Cookie cookie{.name = std::string(trim(pair.substr(0, equals))),
                .value = std::string(trim(pair.substr(equals + 1))),
                .path = attributes.path.value_or(default_path(request_path))};

  const auto same = [&](const Cookie& other) { return other.name == cookie.name && other.path == cookie.path; };
  const auto old = std::ranges::find_if(cookies_, same);
  if (attributes.expired(now)) {
    if (old != cookies_.end()) cookies_.erase(old);
  } else if (old != cookies_.end()) {
    old->value = std::move(cookie.value);
  } else {
    const auto shorter = [&](const Cookie& other) { return other.path.size() < cookie.path.size(); };
    cookies_.insert(std::ranges::find_if(cookies_, shorter), std::move(cookie));
  }
}

std::string CookieJar::header_for(std::string_view path) const {
  std::string out;
  for (const Cookie& cookie : cookies_) {
    if (!path_matches(path, cookie.path)) continue;
    if (!out.empty()) out.append("; ");
    out.append(cookie.name).append("=").append(cookie.value);
  }
  return out;
}

}  // namespace symbolon::bench
