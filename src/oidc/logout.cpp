#include "oidc/logout.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "base/log.h"
#include "http/form.h"
#include "http/url.h"
#include "json/parse.h"
#include "json/read.h"
#include "login/browser_session.h"
#include "login/end_session.h"
#include "login/event_names.h"
#include "oidc/caller.h"
#include "oidc/oauth_error.h"
#include "store/connection_store.h"
#include "store/log_store.h"
#include "store/tenant_store.h"
#include "store/ticket_store.h"
#include "tickets/opaque.h"

namespace symbolon::oidc {
namespace {

using namespace std::chrono_literals;

constexpr auto kTripLifetime = 10min;            // LO-41
constexpr std::size_t kMaxHintBytes = 4 * 1024;  // LO-41: a longer one makes URLs that servers refuse
constexpr std::string_view kTripTicket = "federated_logout";

model::LogEvent event_of(const http::Request& request, const model::Session& session, const ClientId& client,
                         std::string type, Instant now) {
  model::LogEvent event = Caller::of(request).event(std::move(type), now);
  event.client = client;
  event.user = session.user;
  event.connection_id = session.connection;
  event.details = boost::json::serialize(boost::json::object{{"session_id", session.id.str()}});
  return event;
}

// Why the provider cannot be told; empty when it can (LO-43).
std::string_view obstacle(const std::optional<model::Connection>& connection) {
  if (!connection) return "the connection was deleted";
  if (connection->upstream.end_session_endpoint.empty()) return "the provider has no end_session_endpoint";
  return {};
}

http::Response send_on(const http::Request& request, std::string location) {
  const bool posted = request.method == http::Method::post;
  http::Response response =
      posted ? http::redirect_after_post(std::move(location)) : http::redirect_after_get(std::move(location));
  protect(response, *request.site);
  return response;
}

std::string destination_of(const LogoutOrder& order) {
  if (!order.target) return {};
  return order.state.empty() ? order.target->url() : http::with_query(order.target->url(), {{"state", order.state}});
}

}  // namespace

Task<void> Logout::note_refusal(http::Request request, model::Session session, ClientId client, std::string rule,
                                std::string why) {
  const Instant now = services_.clock.now();
  if (!refusals_.take(session.id.str(), now).allowed) co_return;
  model::LogEvent event = event_of(request, session, client, "flo", now);
  event.details = boost::json::serialize(
      boost::json::object{{"session_id", session.id.str()}, {"rule", rule}, {"message", why}});
  event.description = std::move(why);
  try {
    co_await services_.db.write([&](db::Transaction& tx) {
      login::fill_names(tx, request.site->tenant, event);
      store::LogStore(tx, request.site->tenant).insert(event);
    });
  } catch (const db::DatabaseError& broken) {
    log::error("refused_logout_not_stored", {{"request_id", request.id}, {"detail", broken.what()}});
  }
}

struct Logout::Ended {
  std::optional<model::Session> session;
  std::optional<model::Connection> provider;  ///< that is to be told through the browser
};

Logout::Ended Logout::end(db::Transaction& tx, const http::Request& request, const LogoutOrder& order,
                          const model::TicketHash& ticket, const std::string& destination, Instant now) {
  const TenantId& tenant = request.site->tenant;
  Ended ended;
  ended.session = login::end_session(tx, tenant, order.session, login::LogoutInitiator::rp_logout, now);
  if (!ended.session) return ended;
  store::LogStore events(tx, tenant);
  model::LogEvent left = event_of(request, *ended.session, order.client, "slo", now);
  left.description = "Signed out";
  login::fill_names(tx, tenant, left);
  events.insert(left);

  auto connection = store::ConnectionStore(tx, tenant).find(ended.session->connection);
  if (!order.federated && !(connection && connection->upstream.always_federated_logout)) return ended;
  if (const auto why = obstacle(connection); !why.empty()) {
    model::LogEvent event = std::move(left);
    event.type = "federated_logout_failed";
    event.description = why;
    events.insert(std::move(event));
    return ended;
  }
  store::StoredTicket trip;
  trip.kind = store::TicketKind::federated_logout;
  trip.hash = ticket;
  trip.doc = boost::json::serialize(boost::json::object{{"url", destination}});
  trip.created_at = now;
  trip.expires_at = now + kTripLifetime;
  store::TicketStore(tx, tenant).insert(trip);
  ended.provider = std::move(connection);
  return ended;
}

std::string Logout::provider_url(const http::Site& site, const Ended& ended, const LogoutOrder& order,
                                 const std::string& state) const {
  const model::Session& session = *ended.session;
  std::vector<std::pair<std::string, std::string>> parameters;
  // The provider's token tells more of the person than the caller may know, so only the person's browser carries it.
  if (order.of_this_browser && !session.upstream_id_token.bytes.empty()) {
    auto hint = services_.box.open("upstream-id-token", site.tenant.str() + "|" + session.id.str(),
                                   session.upstream_id_token.bytes);
    if (hint && hint->size() <= kMaxHintBytes) parameters.emplace_back("id_token_hint", std::move(*hint));
  }
  parameters.emplace_back("client_id", ended.provider->upstream.client_id);
  parameters.emplace_back("post_logout_redirect_uri", site.url("/logout/callback"));
  parameters.emplace_back("state", state);
  if (!order.ui_locales.empty()) parameters.emplace_back("ui_locales", order.ui_locales);
  return http::with_query(ended.provider->upstream.end_session_endpoint, parameters);
}

Task<http::Response> Logout::perform(http::Request request, LogoutOrder order) {
  const Instant now = services_.clock.now();
  const std::string destination = destination_of(order);
  const auto trip = tickets::make_ticket(services_.random, kTripTicket);
  const Ended ended = co_await services_.db.write([&](db::Transaction& tx) {
    return order.session.empty() ? Ended{} : end(tx, request, order, trip.hash, destination, now);
  });
  std::string location = destination.empty() ? request.site->url(kLoggedOutPath) : destination;
  if (ended.provider) location = provider_url(*request.site, ended, order, trip.value);
  http::Response response = send_on(request, std::move(location));
  // A request that came without the cookie, as an image on another site's page may, must not take it away (threats T47).
  if (!order.session.empty()) login::clear_session_cookie(response, request);
  co_return response;
}

Task<http::Response> Logout::come_back(http::Request request) {
  const std::string state = http::Form::parse_lenient(request.query).value_or(http::Form()).get("state");
  const auto hash = tickets::hash_ticket(kTripTicket, state);
  const Instant now = services_.clock.now();
  std::optional<store::StoredTicket> trip;
  if (!state.empty())
    trip = co_await services_.db.write([&](db::Transaction& tx) {
      return store::TicketStore(tx, request.site->tenant).take(store::TicketKind::federated_logout, hash, now);
    });
  std::string destination;
  if (trip)
    if (const auto document = json::parse_object(trip->doc))
      destination = json::find_string(*document, "url").value_or("");
  if (destination.empty()) destination = request.site->url(kLoggedOutPath);
  co_return send_on(request, std::move(destination));
}

model::Tenant tenant_of(db::Transaction& tx, const http::Request& request) {
  auto tenant = store::TenantStore(tx).find(request.site->tenant);
  if (!tenant) throw std::runtime_error("a site without a tenant");
  return std::move(*tenant);
}

}  // namespace symbolon::oidc
