#include "login/in_flight.h"

#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "http/cookie.h"

namespace symbolon::login::in_flight {
namespace {

constexpr std::string_view kPrefix = "login-";
constexpr std::size_t kMaxCookieBytes = 3800;  // browsers keep 4096 with name and attributes

// Parts of each login by state, in order; the first part has no number.
using Parts = std::map<std::string, std::map<int, std::string>>;

Parts collect(const http::Request& request) {
  const std::string prefix = http::cookie_name(kPrefix, request.site->secure);
  Parts found;
  for (const auto& [name, value] : http::parse_cookies(request.headers)) {
    if (!name.starts_with(prefix)) continue;
    std::string state = name.substr(prefix.size());
    int part = 0;
    if (const auto dot = state.find('.'); dot != std::string::npos) {
      const std::string number = state.substr(dot + 1);
      if (number.size() != 1 || number[0] < '1' || number[0] > '9') continue;
      part = number[0] - '0';
      state.resize(dot);
    }
    found[state].emplace(part, value);
  }
  return found;
}

std::string joined(const std::map<int, std::string>& parts) {
  std::string sealed;
  int expected = 0;
  for (const auto& [number, value] : parts) {
    if (number != expected++) return {};
    sealed += value;
  }
  return sealed;
}

std::size_t bytes(const std::map<int, std::string>& parts) {
  std::size_t sum = 0;
  for (const auto& [number, value] : parts) sum += value.size();
  return sum;
}

std::string part_name(const std::string& state, std::size_t part) {
  std::string name = std::string(kPrefix) + state;
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

void remove(http::Response& response, const http::Request& request, const std::string& state,
            const std::map<int, std::string>& parts) {
  for (const auto& [number, value] : parts)
    set_cookie(response, request, part_name(state, static_cast<std::size_t>(number)), "", std::chrono::seconds(0));
}

std::optional<tickets::LoginTicket> open(const http::Request& request, const crypto::SecretBox& box,
                                         const std::string& state, const std::map<int, std::string>& parts,
                                         Instant now) {
  const auto sealed = base64url_decode(joined(parts));
  if (!sealed) return std::nullopt;
  return tickets::open_login(box, *sealed, state, request.site->tenant, request.site->base_url, now);
}

// The browser is given room for `added` more bytes: whatever cannot be opened goes, then the oldest.
void make_room(http::Response& response, const http::Request& request, const crypto::SecretBox& box, Parts parts,
               std::size_t added, Instant now) {
  std::size_t total = added;
  for (const auto& [state, own] : parts) total += bytes(own);
  if (parts.size() < kMaxLogins && total <= kMaxTotalBytes) return;

  std::vector<std::pair<Instant, std::string>> by_age;
  for (const auto& [state, own] : parts) {
    const auto ticket = open(request, box, state, own, now);
    by_age.emplace_back(ticket ? ticket->created_at : Instant{}, state);
  }
  std::ranges::sort(by_age);
  for (const auto& [created_at, state] : by_age) {
    if (parts.size() < kMaxLogins && total <= kMaxTotalBytes) return;
    remove(response, request, state, parts[state]);
    total -= bytes(parts[state]);
    parts.erase(state);
  }
}

std::string longest_parameter(const model::AuthorizationRequest& request) {
  std::size_t scope = 0;
  for (const std::string& word : request.scope) scope += word.size() + 1;
  std::vector<std::pair<std::size_t, std::string>> sizes{{request.state.size(), "state"},
                                                         {request.nonce.size(), "nonce"},
                                                         {request.redirect_uri.size(), "redirect_uri"},
                                                         {request.login_hint.size(), "login_hint"},
                                                         {request.acr_values.size(), "acr_values"},
                                                         {request.ui_locales.size(), "ui_locales"},
                                                         {request.connection_scope.size(), "connection_scope"},
                                                         {request.audience.size(), "audience"},
                                                         {scope, "scope"}};
  for (const auto& [name, value] : request.passed_on) sizes.emplace_back(value.size(), name);
  return std::ranges::max_element(sizes)->second;
}

}  // namespace

std::expected<void, TooLong> keep(http::Response& response, const http::Request& request,
                                  const crypto::SecretBox& box, const tickets::LoginTicket& ticket, Instant now) {
  const std::string sealed = base64url_encode(tickets::seal_login(box, ticket));
  if (sealed.size() > kMaxLoginBytes) return std::unexpected(TooLong{longest_parameter(ticket.request)});

  make_room(response, request, box, collect(request), sealed.size(), now);
  const auto max_age = std::chrono::duration_cast<std::chrono::seconds>(ticket.expires_at - now);
  for (std::size_t part = 0, at = 0; at < sealed.size(); ++part, at += kMaxCookieBytes)
    set_cookie(response, request, part_name(ticket.state, part), sealed.substr(at, kMaxCookieBytes), max_age);
  return {};
}

std::optional<tickets::LoginTicket> find(const http::Request& request, const crypto::SecretBox& box,
                                         const std::string& state, Instant now) {
  const Parts parts = collect(request);
  const auto own = parts.find(state);
  if (own == parts.end()) return std::nullopt;
  return open(request, box, state, own->second, now);
}

void forget(http::Response& response, const http::Request& request, const std::string& state) {
  const Parts parts = collect(request);
  if (const auto own = parts.find(state); own != parts.end()) remove(response, request, state, own->second);
}

}  // namespace symbolon::login::in_flight
