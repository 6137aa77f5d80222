#include "login/callback_endpoint.h"

#include <algorithm>

#include "http/url.h"
#include "login/admission.h"
#include "login/ended.h"
#include "login/error_answer.h"
#include "login/finish_refusals.h"
#include "login/in_flight.h"
#include "login/interactions.h"
#include "login/new_keys.h"
#include "login/organisation.h"
#include "login/page_frame.h"
#include "login/remembered_client.h"
#include "login/sign_in_answer.h"
#include "login/start.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/tenant_store.h"
#include "store/ticket_store.h"
#include "tickets/opaque.h"

namespace symbolon::login {
namespace {

constexpr std::string_view kRetryMark = "symbolon_cookie_retry";
constexpr std::string_view kInternalStep = "internal";

upstream::UpstreamError simple_error(std::string step, std::string rule, std::string check, std::string received,
                                     std::string hint, model::OAuthError downstream) {
  upstream::UpstreamError error;
  error.step = std::move(step);
  error.rule = std::move(rule);
  error.check = std::move(check);
  error.received = std::move(received);
  error.hint = std::move(hint);
  error.downstream = std::move(downstream);
  return error;
}

// Something of ours broke (E13): the application is told, the reason stays with us.
upstream::UpstreamError broken_error(model::OAuthCode code, const char* reason) {
  upstream::UpstreamError error =
      simple_error(std::string(kInternalStep), "E13", "the server could do its part", "an internal failure",
                   "Look at the server's log; it is not the provider's configuration.", {});
  error.downstream = {code, "the sign-in could not be finished, try again", reason};
  return error;
}

pages::Text describe_unknown(const http::Form& answer, bool posted) {
  if (answer.has("state")) return pages::Text::error_foreign_body;
  return !posted && answer.all().empty() ? pages::Text::error_nothing_body : pages::Text::error_no_state_body;
}

// The connection that the address is the own one of; nullopt for an address that connections share.
std::optional<std::string> owner_of_address(const http::Request& http) {
  const auto owner = http.parameters.find("connection");
  return owner == http.parameters.end() ? std::nullopt : std::optional(owner->second);
}

// A provider that was chosen can send the browser on to another one, with that one's client id and this login's state.
// Where the other has an address of its own, its code arrives there, and goes nowhere (threats T51).
bool came_to_its_address(const http::Request& http, const tickets::UpstreamSnapshot& connection) {
  const auto owner = owner_of_address(http);
  if (connection.callback_path != model::CallbackPath::of_connection) return !owner;
  return owner == connection.connection_name;
}

// The address that the browser came to, by which it can come again.
std::string called_address(const http::Request& http) {
  if (const auto owner = owner_of_address(http))
    return http.site->url(model::callback_path(model::CallbackPath::of_connection, http::percent_encode(*owner)));
  const auto* known = std::ranges::find(model::kCallbackPaths, http.path, [](auto path) { return to_string(path); });
  return http.site->url(to_string(known == std::end(model::kCallbackPaths) ? model::CallbackPath::own : *known));
}

// A provider that could not answer without showing a page gets one more chance without `prompt` (§2.13), and so does one
// that does not know the prompt that is ours alone (zitadel-idps §6.2). invalid_request may have any other cause as well:
// then the second answer says so again, and that one is explained.
bool refuses_prompt(const tickets::LoginTicket& ticket, const http::Form& answer) {
  if (!ticket.prompt_sent || ticket.prompt_dropped || ticket.request.has_prompt("none")) return false;
  const std::string error = answer.get("error");
  return error == "login_required" || error == "interaction_required" || error == "account_selection_required" ||
         (error == "invalid_request" && ticket.prompt_added);
}

// Another provider, or the same a little later, may do better. What broke here would break the page as well.
bool is_worth_another_choice(const upstream::UpstreamError& error) {
  if (error.rule == kNotOffered) return true;
  if (error.step == kInternalStep) return false;
  const model::OAuthCode code = error.downstream.code;
  return code == model::OAuthCode::access_denied || code == model::OAuthCode::server_error ||
         code == model::OAuthCode::temporarily_unavailable;
}

}  // namespace

// A browser that came back with a login of ours, and what the database says about it now.
struct CallbackEndpoint::Arrival {
  model::Tenant tenant;
  tickets::LoginTicket ticket;
  std::optional<model::Client> client;
  std::shared_ptr<const model::Connection> connection;
  bool eligible = false;  ///< the client may use the connection now
  bool used = false;      ///< the state was burnt before
  http::Form answer;
  bool posted = false;

  bool is_test() const { return ticket.purpose == tickets::LoginPurpose::try_connection; }
  /// Why the sign-in cannot go on, if it cannot.
  std::optional<upstream::UpstreamError> find_obstacle(const http::Request& http) const;
};

// Asked before anything is sent to the provider, and again in the commit that ends the login (T4).
std::optional<upstream::UpstreamError> CallbackEndpoint::Arrival::find_obstacle(const http::Request& http) const {
  if (!connection)
    return simple_error("admission", "E7", "the connection exists", "the connection was deleted",
                        "Start the sign-in again with another connection.",
                        {model::OAuthCode::invalid_request, "the connection was not found", {}});
  if (!eligible && !is_test() && !organisation_of(ticket.request.scope).empty())
    return simple_error("admission", std::string(kNotOffered), "the organisation offers the connection",
                        "the login policy does not list it, or not any more",
                        "Add the provider to the login policy of the organisation that the request names.",
                        {model::OAuthCode::invalid_request, "the organisation does not offer this connection", {}});
  if (!eligible && !is_test())
    return simple_error("admission", "E7", "the connection is enabled for the application",
                        "the connection was disabled", "Enable the connection for the application.",
                        {model::OAuthCode::invalid_request, "the connection was disabled", {}});
  if (tickets::take_snapshot(connection->id, connection->name, connection->upstream) != ticket.upstream)
    return changed_meanwhile();
  if (!came_to_its_address(http, ticket.upstream))
    return simple_error("authorization_response", "RP-50", "the answer came to the address that the provider was given",
                        "another connection's callback address, or the shared one",
                        "Register the redirect_uri of the connection's callback_path at the provider, and no other.",
                        {model::OAuthCode::access_denied, "The response did not come from the provider that was asked",
                         {}});
  return std::nullopt;
}

Task<http::Response> CallbackEndpoint::handle(http::Request http) {
  const Instant now = services_.clock.now();
  const bool posted = http.method == http::Method::post;
  auto query = http::Form::parse(http.query);
  auto answer = posted ? http::Form::parse(http.body) : query;
  // A state in both places could be two different logins (§2.6 step 1).
  const bool ambiguous = posted && query && answer && query->has("state") && answer->has("state");
  if (!query || !answer || ambiguous) answer = http::Form();

  const std::string state = answer->get("state");
  auto ticket = state.empty() ? std::nullopt : in_flight::find(http, services_.box, state, now);
  const ClientId wanted = ticket ? ticket->request.client : remembered_client::find(http, services_.box, state, now);
  Arrival arrival;
  arrival.answer = std::move(*answer);
  arrival.posted = posted;
  co_await services_.db.read([&](db::Transaction& tx) {
    const TenantId& tenant = http.site->tenant;
    arrival.tenant = store::TenantStore(tx).find(tenant).value_or(model::Tenant{.id = tenant});
    if (!wanted.empty()) arrival.client = store::ClientStore(tx, tenant).find(wanted);
    if (!ticket) return;
    arrival.used = store::TicketStore(tx, tenant).is_burnt(store::TicketKind::login_state,
                                                           tickets::hash_ticket("login_state", state));
    if (auto found = store::ConnectionStore(tx, tenant, organisation_of(ticket->request.scope))
                         .find_for_client(ticket->upstream.connection, ticket->request.client)) {
      arrival.eligible = arrival.client && is_eligible(*found, *arrival.client);
      arrival.connection = std::make_shared<const model::Connection>(std::move(found->connection));
    }
  });
  if (!ticket) co_return co_await without_ticket(std::move(http), std::move(arrival));
  arrival.ticket = std::move(*ticket);

  http::Response response;
  std::optional<upstream::UpstreamError> broken;
  try {
    response = co_await conclude(http, arrival);
  } catch (const db::DatabaseError& error) {
    broken = broken_error(model::OAuthCode::temporarily_unavailable, error.what());
  } catch (const std::exception& error) {
    broken = broken_error(model::OAuthCode::server_error, error.what());
  }
  if (broken && (arrival.client || arrival.is_test()))
    response = co_await fail(http, std::move(arrival), std::move(*broken));
  else if (broken)
    response = ended(http, arrival);
  in_flight::forget(response, http, state);
  http::forbid_caching(response);
  co_return response;
}

Task<http::Response> CallbackEndpoint::conclude(http::Request http, Arrival arrival) {
  const bool usable =
      arrival.is_test() || (arrival.client && arrival.ticket.purpose != tickets::LoginPurpose::try_connection);
  if (arrival.used || !usable) co_return ended(http, arrival);
  if (auto obstacle = arrival.find_obstacle(http))
    co_return co_await fail(std::move(http), std::move(arrival), std::move(*obstacle));
  const model::Connection& connection = *arrival.connection;

  if (refuses_prompt(arrival.ticket, arrival.answer)) {
    StartOptions options{.purpose = arrival.ticket.purpose,
                         .session = arrival.ticket.session,
                         .subject = arrival.ticket.subject,
                         .page = arrival.ticket.page,
                         .without_prompt = true};
    if (auto again = start_login(services_, http, arrival.ticket.request, connection, options)) co_return *again;
  }

  upstream::Expectation expectation{.nonce = arrival.ticket.nonce,
                                    .verifier = arrival.ticket.verifier,
                                    .challenge_method = arrival.ticket.challenge_method,
                                    .started_at = arrival.ticket.created_at,
                                    .max_age = {}};
  if (arrival.ticket.max_age_sent) expectation.max_age = arrival.ticket.request.max_age;
  auto identity = co_await services_.relying_party.prove(arrival.connection, *http.site, arrival.answer,
                                                         arrival.posted, std::move(expectation));
  if (!identity) co_return co_await fail(std::move(http), std::move(arrival), std::move(identity.error()));
  if (arrival.ticket.prompt_dropped)
    identity->warnings.emplace_back("The provider refused the parameter prompt and was asked again without it. Set "
                                    "send_prompt to false if that is what adds it, to save the detour.");

  if (arrival.is_test())
    co_return co_await try_.succeed(std::move(http), std::move(arrival.tenant), std::move(arrival.ticket), connection,
                                    std::move(*identity));

  if (identity->needed_new_keys) co_await record_new_keys(services_, connection);
  if (arrival.ticket.purpose == tickets::LoginPurpose::link_account)
    co_return co_await contact_.link(std::move(http), std::move(arrival.ticket), std::move(*identity), arrival.posted);

  auto outcome =
      co_await finish_.run(http, arrival.tenant, *arrival.client, arrival.ticket, std::move(*identity));
  if (auto* refused = std::get_if<RefusedSignIn>(&outcome))
    co_return co_await fail(std::move(http), std::move(arrival), std::move(*refused));
  EndedSignIn done{std::move(arrival.tenant), std::move(*arrival.client), std::move(arrival.ticket.request),
                   std::move(arrival.ticket.page), arrival.posted};
  co_return co_await answer_sign_in(services_, std::move(http), std::move(done), std::move(outcome));
}

Task<http::Response> CallbackEndpoint::fail(http::Request http, Arrival arrival, RefusedSignIn refused) {
  if (arrival.is_test()) {
    std::optional<model::Connection> connection;
    if (arrival.connection) connection = *arrival.connection;
    co_return co_await try_.fail(std::move(http), std::move(arrival.tenant), std::move(arrival.ticket),
                                 std::move(connection), std::move(refused.error));
  }
  FailedLogin failed{.error = std::move(refused.error),
                     .client = arrival.client->id,
                     .client_name = arrival.client->name,
                     .connection_id = arrival.ticket.upstream.connection,
                     .connection = arrival.ticket.upstream.connection_name,
                     .strategy = arrival.connection ? std::string(to_string(arrival.connection->upstream.strategy)) : "",
                     .user = std::move(refused.user),
                     .user_name = std::move(refused.user_name),
                     .proven_browser = true};
  const bool not_offered = failed.error.rule == kNotOffered;
  const bool another_choice = is_worth_another_choice(failed.error);
  model::OAuthError downstream = failed.error.downstream;
  const std::string reference = co_await failures_.report(http, std::move(failed));
  if (arrival.ticket.purpose == tickets::LoginPurpose::link_account)
    co_return co_await contact_.link_failed(std::move(http), std::move(arrival.ticket), reference, arrival.posted);
  // A person who chose the provider on our page may choose another one (§2.13).
  const bool may_choose_again =
      another_choice && !arrival.ticket.page.empty() &&
      interactions::find(http, services_.box, arrival.ticket.page, services_.clock.now());
  if (may_choose_again) {
    const std::string url = http.site->url(interactions::page_url("/u/login/again", arrival.ticket.page)) +
                            "&reference=" + reference;
    co_return arrival.posted ? http::redirect_after_post(url) : http::redirect_after_get(url);
  }
  if (not_offered) co_return show_not_offered(http, arrival, reference);
  co_return co_await services_.responder.refuse(http, std::move(*arrival.client),
                                                std::move(arrival.ticket.request), std::move(downstream), reference,
                                                arrival.posted);
}

// What an organisation's policy says is for the person to know, not for the application (zitadel-idps §6.1).
http::Response CallbackEndpoint::show_not_offered(const http::Request& http, const Arrival& arrival,
                                                  std::string reference) {
  const model::AuthorizationRequest& request = arrival.ticket.request;
  pages::ErrorPage page;
  page.status = 404;
  page.error = "invalid_request";
  page.description =
      pages::text(frame_for(arrival.tenant, http, request.ui_locales).language, pages::Text::error_not_offered_body);
  page.reference = std::move(reference);
  page.client_id = request.client.str();
  page.connection = arrival.ticket.upstream.connection_name;
  return show_error(http, arrival.tenant, request.ui_locales, page);
}

// E11: a finished or forgotten login never runs again; the person is sent to where a new one starts.
http::Response CallbackEndpoint::ended(const http::Request& http, const Arrival& arrival) {
  return sign_in_ended(services_, http, arrival.tenant, arrival.client ? &*arrival.client : nullptr);
}

// No login of this browser fits: an unsolicited answer (RP-43, SEC-47), an expired one, or a browser that did not
// send its cookies with a post from another site.
Task<http::Response> CallbackEndpoint::without_ticket(http::Request http, Arrival arrival) {
  const model::Tenant& tenant = arrival.tenant;
  const http::Form& answer = arrival.answer;
  const bool posted = arrival.posted;
  pages::Frame frame = frame_for(tenant, http);
  if (posted && answer.has("state") && !answer.has(kRetryMark)) {
    std::vector<std::pair<std::string, std::string>> fields = answer.all();
    fields.emplace_back(kRetryMark, "1");
    co_return pages::render_self_submitting(frame, called_address(http), "'self' https: http:", fields);
  }
  upstream::UpstreamError error = simple_error(
      "authorization_response", "RP-43", "state and browser belong to a sign-in that was started here",
      answer.has("state") ? "a state that this browser did not start, or that has expired" : "no state",
      answer.all().empty() && !posted
          ? "The provider must answer with response_mode=form_post or in the query: fragments never reach the server."
          : "Start the sign-in at the application. Cookies must be allowed.",
      {model::OAuthCode::invalid_request, "state mismatch", {}});
  pages::ErrorPage page;
  page.title = pages::Text::error_expired_title;
  page.error = "invalid_request";
  page.description = pages::text(frame.language, describe_unknown(answer, posted));
  page.reference = co_await failures_.report(http, FailedLogin{.error = std::move(error)});
  if (!sign_in_start(tenant, arrival.client ? &*arrival.client : nullptr).empty()) co_return ended(http, arrival);
  co_return show_error(http, tenant, {}, page);
}

}  // namespace symbolon::login
