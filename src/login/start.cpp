#include "login/start.h"

#include <algorithm>

#include "login/in_flight.h"
#include "upstream/authorization_url.h"

namespace symbolon::login {
namespace {

constexpr std::chrono::seconds kLoginLifetime{3600};  // login-runtime §0.4
constexpr std::size_t kStateBytes = 32;

upstream::UpstreamError too_long(const std::string& parameter) {
  upstream::UpstreamError error;
  error.step = "authorization_request";
  error.rule = "OP-20c";
  error.check = "the request fits into the browser's cookies";
  error.received = parameter + " is too long";
  error.hint = "Shorten the parameter " + parameter + " of the authorization request, or send it by a pushed request.";
  error.downstream = {model::OAuthCode::invalid_request, "the parameter " + parameter + " is too long", error.received};
  return error;
}

}  // namespace

std::expected<http::Response, upstream::UpstreamError> start_login(const Services& services,
                                                                   const http::Request& http,
                                                                   const model::AuthorizationRequest& request,
                                                                   const model::Connection& connection,
                                                                   const StartOptions& options) {
  const Instant now = services.clock.now();
  tickets::LoginTicket ticket;
  ticket.state = random_token(services.random, kStateBytes);
  auto departure =
      upstream::depart(connection, *http.site, request, ticket.state, options.without_prompt, services.random);
  if (!departure) return std::unexpected(std::move(departure.error()));

  ticket.purpose = options.purpose;
  ticket.tenant = http.site->tenant;
  ticket.base_url = http.site->base_url;
  ticket.created_at = now;
  ticket.expires_at = now + kLoginLifetime;
  ticket.request = request;
  // Only what a retry would pass on again; everything else would make the cookie larger for nothing.
  std::erase_if(ticket.request.passed_on, [&](const auto& parameter) {
    return std::ranges::none_of(connection.upstream.parameters,
                                [&](const auto& rule) { return rule.alias == parameter.first; });
  });
  ticket.upstream = tickets::take_snapshot(connection.id, connection.name, connection.upstream);
  ticket.nonce = std::move(departure->nonce);
  ticket.verifier = std::move(departure->verifier);
  ticket.challenge_method = std::move(departure->challenge_method);
  ticket.prompt_sent = departure->prompt_sent;
  ticket.prompt_added = departure->prompt_added;
  ticket.prompt_dropped = options.without_prompt;
  ticket.max_age_sent = departure->max_age_sent;
  ticket.page = options.page;
  ticket.session = options.session;
  ticket.subject = options.subject;

  http::Response response = http.method == http::Method::post ? http::redirect_after_post(departure->url)
                                                              : http::redirect_after_get(departure->url);
  if (auto kept = in_flight::keep(response, http, services.box, ticket, now); !kept)
    return std::unexpected(too_long(kept.error().parameter));
  http::forbid_caching(response);
  return response;
}

}  // namespace symbolon::login
