#include "login/in_flight.h"

#include <algorithm>

#include "login/remembered_client.h"
#include "login/sealed_cookies.h"

namespace symbolon::login::in_flight {
namespace {

constexpr SealedCookies kCookies("login-", {.values = kMaxLogins, .bytes = kMaxTotalBytes});

}  // namespace

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
  std::size_t claims = 0;
  for (const auto* names : {&request.claims.id_token, &request.claims.userinfo, &request.subjects, &request.required_acr})
    for (const std::string& name : *names) claims += name.size() + 3;
  sizes.emplace_back(claims, "claims");
  for (const auto& [name, value] : request.passed_on) sizes.emplace_back(value.size(), name);
  return std::ranges::max_element(sizes)->second;
}

std::expected<void, TooLong> keep(http::Response& response, const http::Request& request,
                                  const crypto::SecretBox& box, const tickets::LoginTicket& ticket, Instant now) {
  const std::string sealed = tickets::seal_login(box, ticket);
  if (SealedCookies::cookie_bytes(sealed) > kMaxLoginBytes)
    return std::unexpected(TooLong{longest_parameter(ticket.request)});
  kCookies.keep(response, request, ticket.state, sealed,
                std::chrono::duration_cast<std::chrono::seconds>(ticket.expires_at - now),
                [&](const std::string& state, const std::string& other) {
                  const auto opened =
                      tickets::open_login(box, other, state, request.site->tenant, request.site->base_url, now);
                  return opened ? opened->created_at : Instant{};
                });
  remembered_client::keep(response, request, box, ticket.state, ticket.request.client, now);
  return {};
}

std::optional<tickets::LoginTicket> find(const http::Request& request, const crypto::SecretBox& box,
                                         const std::string& state, Instant now) {
  const auto sealed = kCookies.find(request, state);
  if (!sealed) return std::nullopt;
  return tickets::open_login(box, *sealed, state, request.site->tenant, request.site->base_url, now);
}

void forget(http::Response& response, const http::Request& request, const std::string& state) {
  kCookies.forget(response, request, state);
  remembered_client::forget(response, request, state);
}

}  // namespace symbolon::login::in_flight
