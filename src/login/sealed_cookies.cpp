#include "login/sealed_cookies.h"

#include <algorithm>
#include <map>
#include <vector>

#include "base/encoding.h"
#include "http/cookie.h"

namespace symbolon::login {
namespace {

constexpr std::size_t kMaxCookieBytes = 3800;  // browsers keep 4096 with name and attributes

// The numbered parts of one value; the first part has no number.
using Parts = std::map<int, std::string>;
using Values = std::map<std::string, Parts>;

Values collect(const http::Request& request, std::string_view prefix) {
  const std::string whole_prefix = http::cookie_name(prefix, request.site->secure);
  Values found;
  for (const auto& [name, value] : http::parse_cookies(request.headers)) {
    if (!name.starts_with(whole_prefix)) continue;
    std::string id = name.substr(whole_prefix.size());
    int part = 0;
    if (const auto dot = id.find('.'); dot != std::string::npos) {
      const std::string number = id.substr(dot + 1);
      if (number.size() != 1 || number[0] < '1' || number[0] > '9') continue;
      part = number[0] - '0';
      id.resize(dot);
    }
    found[id].emplace(part, value);
  }
  return found;
}

std::string joined(const Parts& parts) {
  std::string sealed;
  int expected = 0;
  for (const auto& [number, value] : parts) {
    if (number != expected++) return {};
    sealed += value;
  }
  return sealed;
}

std::size_t bytes(const Parts& parts) {
  std::size_t sum = 0;
  for (const auto& [number, value] : parts) sum += value.size();
  return sum;
}

std::string part_name(std::string_view prefix, const std::string& id, std::size_t part) {
  std::string name = std::string(prefix) + id;
  if (part > 0) name += '.' + std::to_string(part);
  return name;
}

void set_cookie(http::Response& response, const http::Request& request, std::string name, std::string value,
                std::chrono::seconds max_age) {
  response.headers.add("Set-Cookie", http::render(http::SetCookie{.name = std::move(name),
                                                                  .value = std::move(value),
                                                                  .max_age = max_age,
                                                                  .secure = request.site->secure}));
}

void remove(http::Response& response, const http::Request& request, std::string_view prefix, const std::string& id,
            const Parts& parts, std::size_t from = 0) {
  for (const auto& [number, value] : parts)
    if (std::cmp_greater_equal(number, from))
      set_cookie(response, request, part_name(prefix, id, static_cast<std::size_t>(number)), "",
                 std::chrono::seconds(0));
}

}  // namespace

std::size_t SealedCookies::cookie_bytes(const std::string& sealed) { return (sealed.size() * 4 + 2) / 3; }

void SealedCookies::keep(http::Response& response, const http::Request& request, const std::string& id,
                         const std::string& sealed, std::chrono::seconds max_age, const Age& age) const {
  const std::string text = base64url_encode(sealed);
  Values others = collect(request, prefix_);
  const Parts replaced = others[id];
  others.erase(id);

  std::size_t total = text.size();
  for (const auto& [other, parts] : others) total += bytes(parts);
  if (others.size() >= room_.values || total > room_.bytes) {
    std::vector<std::pair<Instant, std::string>> by_age;
    for (const auto& [other, parts] : others) {
      const auto opened = base64url_decode(joined(parts));
      by_age.emplace_back(opened ? age(other, *opened) : Instant{}, other);
    }
    std::ranges::sort(by_age);
    for (const auto& [made_at, other] : by_age) {
      if (others.size() < room_.values && total <= room_.bytes) break;
      remove(response, request, prefix_, other, others[other]);
      total -= bytes(others[other]);
      others.erase(other);
    }
  }

  std::size_t part = 0;
  for (std::size_t at = 0; at < text.size(); ++part, at += kMaxCookieBytes)
    set_cookie(response, request, part_name(prefix_, id, part), text.substr(at, kMaxCookieBytes), max_age);
  remove(response, request, prefix_, id, replaced, part);
}

std::optional<std::string> SealedCookies::find(const http::Request& request, const std::string& id) const {
  const Values values = collect(request, prefix_);
  const auto own = values.find(id);
  if (own == values.end()) return std::nullopt;
  return base64url_decode(joined(own->second));
}

void SealedCookies::forget(http::Response& response, const http::Request& request, const std::string& id) const {
  const Values values = collect(request, prefix_);
  if (const auto own = values.find(id); own != values.end()) remove(response, request, prefix_, id, own->second);
}

}  // namespace symbolon::login
