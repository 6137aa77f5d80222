#include "http/cookie.h"

#include <algorithm>
#include <stdexcept>

#include "base/text.h"

namespace symbolon::http {
namespace {

// cookie-octet of RFC 6265 §4.1.1
bool is_value(std::string_view text) {
  return std::ranges::all_of(text, [](char letter) {
    return letter > 0x20 && letter < 0x7f && letter != '"' && letter != ',' && letter != ';' && letter != '\\';
  });
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parse_cookies(const Headers& headers) {
  std::vector<std::pair<std::string, std::string>> cookies;
  for (std::string_view line : headers.get_all("Cookie")) {
    while (!line.empty()) {
      const auto end = std::min(line.find(';'), line.size());
      const auto pair = trim(line.substr(0, end));
      line.remove_prefix(std::min(end + 1, line.size()));

      const auto equals = pair.find('=');
      if (equals == std::string_view::npos) continue;
      const auto name = trim(pair.substr(0, equals));
      const auto value = trim(pair.substr(equals + 1));
      if (is_token(name) && is_field_value(value)) cookies.emplace_back(name, value);
    }
  }
  return cookies;
}

std::optional<std::string> find_cookie(const Headers& headers, std::string_view name) {
  std::optional<std::string> found;
  for (auto& [cookie, value] : parse_cookies(headers)) {
    if (cookie != name) continue;
    if (found) return std::nullopt;
    found = std::move(value);
  }
  return found;
}

std::string cookie_name(std::string_view name, bool secure) { return (secure ? "__Host-" : "") + std::string(name); }

std::string render(const SetCookie& cookie) {
  if (!is_token(cookie.name)) throw std::logic_error("cookie name is not a token");
  if (!is_value(cookie.value)) throw std::logic_error("cookie value holds a character that ends or splits it");

  std::string line = cookie_name(cookie.name, cookie.secure) + "=" + cookie.value + "; Path=/; HttpOnly";
  line += cookie.secure ? "; Secure; SameSite=None" : "; SameSite=Lax";
  if (cookie.max_age) line += "; Max-Age=" + std::to_string(std::max<std::int64_t>(cookie.max_age->count(), 0));
  return line;
}

}  // namespace symbolon::http
