#include "login/try_connection.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "login/account_match.h"
#include "login/page_frame.h"
#include "login/start.h"
#include "pages/error_page.h"
#include "store/connection_store.h"
#include "store/log_store.h"
#include "store/tenant_store.h"
#include "store/ticket_store.h"
#include "store/user_store.h"
#include "tickets/opaque.h"
#include "tickets/try_link.h"

namespace symbolon::login {
namespace {

using store::TicketKind;

http::Response ended_page(const model::Tenant& tenant, const http::Request& http) {
  const pages::Frame frame = frame_for(tenant, http);
  pages::ErrorPage page;
  page.title = pages::Text::error_test_ended_title;
  page.error = "invalid_request";
  page.description = pages::text(frame.language, pages::Text::error_test_ended_body);
  return pages::render(frame, page);
}

TryOutcome outcome_of(const http::Request& http, const tickets::LoginTicket& ticket,
                      std::optional<model::Connection> connection, Instant now) {
  return {.report_id = ticket.subject,
          .finished_at = now,
          .callback_url =
              http.site->url(model::callback_path(ticket.upstream.callback_path, ticket.upstream.connection_name)),
          .connection_id = ticket.upstream.connection,
          .connection_name = ticket.upstream.connection_name,
          .connection = std::move(connection),
          .challenge_method = ticket.challenge_method};
}

// What an application's login would ask for by default; there is no application here.
model::AuthorizationRequest test_request() {
  model::AuthorizationRequest request;
  request.response_type = "code";
  request.response_mode = "query";
  request.scope = {"openid", "profile", "email"};
  return request;
}

// A unit that reads only: what a login would find, and what it would do about it.
void judge_account(db::Transaction& tx, const TenantId& tenant, TryOutcome& outcome) {
  const model::Connection& connection = *outcome.connection;
  const std::string& subject = outcome.identity->subject;
  const auto known = store::UserStore(tx, tenant).find_by_identity(connection.id, subject);
  outcome.user_id = known ? known->id.str()
                          : model::make_user_id(to_string(connection.upstream.strategy), connection.name, subject).str();
  // Without an application, accounts of organisations that have policies of their own are not found.
  const FoundAccount found =
      known ? FoundAccount() : find_account(tx, model::Client(), model::OrganisationId(), connection, *outcome.profile);
  outcome.login_effect = describe_effect(connection, known, *outcome.profile, found);
  const bool leads_to_found =
      outcome.login_effect == pages::TryText::would_link || outcome.login_effect == pages::TryText::would_propose;
  if (leads_to_found) outcome.user_id = found.user->id.str();
}

model::LogEvent success_event(const http::Request& http, const TryOutcome& outcome, const ClientId& ordered_by) {
  model::LogEvent event;
  event.date = outcome.finished_at;
  event.type = "try_succeeded";
  event.description = "A test of the connection worked";
  event.client = ordered_by;
  event.connection_id = outcome.connection_id;
  event.connection = outcome.connection_name;
  event.strategy = to_string(outcome.connection->upstream.strategy);
  event.ip = http.client_address;
  event.user_agent = printable(http.headers.get("User-Agent"), 512);
  event.hostname = http.site->host;
  event.details = boost::json::serialize(boost::json::object{{"report_id", outcome.report_id}});
  return event;
}

}  // namespace

Task<http::Response> TryConnection::begin(http::Request http) {
  const Instant now = services_.clock.now();
  const TenantId tenant_id = http.site->tenant;
  // Programs that look at links before people do ask with HEAD; that must not use the link up.
  if (http.method == http::Method::head) {
    http::Response nothing = http::html_response(200, {});
    http::forbid_caching(nothing);
    co_return nothing;
  }
  const std::string report_id = tickets::try_report_id(http.parameters["ticket"]);
  model::Tenant tenant{.id = tenant_id};
  std::optional<model::Connection> connection;
  co_await services_.db.write([&](db::Transaction& tx) {
    tenant = store::TenantStore(tx).find(tenant_id).value_or(model::Tenant{.id = tenant_id});
    const auto taken = store::TicketStore(tx, tenant_id)
                           .take(TicketKind::try_connection, tickets::try_order_hash(report_id), now);
    const auto order = taken ? tickets::read_try_order(taken->doc) : std::nullopt;
    connection.reset();  // of a run that was undone, whose link somebody else may have taken meanwhile
    if (order && now < order->start_by) connection = store::ConnectionStore(tx, tenant_id).find(order->connection);
  });
  if (!connection) co_return ended_page(tenant, http);

  StartOptions options;
  options.purpose = tickets::LoginPurpose::try_connection;
  options.subject = report_id;
  auto started = start_login(services_, http, test_request(), *connection, options);
  if (started) co_return std::move(*started);

  tickets::LoginTicket ticket;
  ticket.subject = report_id;
  ticket.upstream = tickets::take_snapshot(connection->id, connection->name, connection->upstream);
  co_return co_await fail(std::move(http), std::move(tenant), std::move(ticket), std::move(connection),
                          std::move(started.error()));
}

Task<http::Response> TryConnection::succeed(http::Request http, model::Tenant tenant, tickets::LoginTicket ticket,
                                            model::Connection connection, upstream::ProvenIdentity identity) {
  auto mapped = upstream::map_claims(connection, identity);
  if (!mapped) {
    upstream::UpstreamError error = std::move(mapped.error());
    if (error.exchanges.empty()) error.exchanges = identity.exchanges;
    co_return co_await fail(std::move(http), std::move(tenant), std::move(ticket), std::move(connection),
                            std::move(error));
  }
  TryOutcome outcome = outcome_of(http, ticket, std::move(connection), services_.clock.now());
  outcome.identity = std::move(identity);
  outcome.profile = std::move(*mapped);
  co_return co_await finish(std::move(http), std::move(tenant), std::move(ticket.state), std::move(outcome));
}

Task<http::Response> TryConnection::fail(http::Request http, model::Tenant tenant, tickets::LoginTicket ticket,
                                         std::optional<model::Connection> connection, upstream::UpstreamError error) {
  FailedLogin failed{.error = error,
                     .client = {},
                     .client_name = {},
                     .connection_id = ticket.upstream.connection,
                     .connection = ticket.upstream.connection_name,
                     .strategy = connection ? std::string(to_string(connection->upstream.strategy)) : "",
                     .proven_browser = true,
                     .is_test = true};
  TryOutcome outcome = outcome_of(http, ticket, std::move(connection), services_.clock.now());
  outcome.error = std::move(error);
  outcome.reference = co_await failures_.report(http, std::move(failed));
  co_return co_await finish(std::move(http), std::move(tenant), std::move(ticket.state), std::move(outcome));
}

// The one unit of work that a test ends in: the state is spent, and the report is kept.
Task<http::Response> TryConnection::finish(http::Request http, model::Tenant tenant, std::string state,
                                           TryOutcome outcome) {
  const bool first = co_await services_.db.write([&](db::Transaction& tx) {
    store::TicketStore kept(tx, tenant.id);
    const Instant now = outcome.finished_at;
    if (!state.empty() && kept.burn(TicketKind::login_state, tickets::hash_ticket("login_state", state),
                                    now + tickets::kTryLifetime) == store::Insert::duplicate)
      return false;
    const auto order = kept.find(TicketKind::try_connection, tickets::try_order_hash(outcome.report_id), now);
    if (outcome.identity) {
      judge_account(tx, tenant.id, outcome);
      const auto ordered = order ? tickets::read_try_order(order->doc) : std::nullopt;
      store::LogStore(tx, tenant.id)
          .insert(success_event(http, outcome, ordered ? ordered->ordered_by : ClientId()));
    }
    kept.insert({.kind = TicketKind::try_report,
                 .hash = tickets::try_report_hash(outcome.report_id),
                 .subject = outcome.connection_id.str(),
                 .doc = tickets::seal_try_report(services_.box, tenant.id, outcome.report_id,
                                                 boost::json::serialize(to_report(outcome))),
                 .created_at = now,
                 .expires_at = now + tickets::kTryReportLifetime,
                 .used_at = {}});
    return true;
  });
  if (!first) co_return ended_page(tenant, http);
  const pages::Frame frame = frame_for(tenant, http);
  co_return pages::render(frame, to_page(outcome, frame.language));
}

}  // namespace symbolon::login
