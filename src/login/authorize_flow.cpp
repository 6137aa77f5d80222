#include "login/authorize_flow.h"

#include "base/log.h"
#include "base/text.h"
#include "http/form.h"
#include "login/admission.h"
#include "login/browser_session.h"
#include "login/decision.h"
#include "login/page_frame.h"
#include "login/start.h"
#include "pages/login_page.h"
#include "store/connection_store.h"
#include "store/log_store.h"
#include "store/session_store.h"

namespace symbolon::login {
namespace {

constexpr std::int64_t kMaxChoices = 100;

// The page keeps nothing: each choice repeats the request with the connection named.
std::string repeat_with(const http::Request& http, const std::string& connection) {
  const std::string& sent = http.method == http::Method::post ? http.body : http.query;
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const auto& [name, value] : http::Form::parse_lenient(sent).value_or(http::Form()).all())
    if (name != "connection" && !value.empty()) parameters.emplace_back(name, value);
  parameters.emplace_back("connection", connection);
  return http.path + "?" + http::encode_form(parameters);
}

}  // namespace

// Everything that one read of the database tells about a request.
struct AuthorizeFlow::Situation {
  std::optional<model::Session> session;
  bool admitted = false;
  std::optional<store::ConnectionForClient> asked;  ///< the connection that the request names
  std::vector<model::Connection> choices;           ///< when it names none
};

// E13: from here on the redirect is trusted, so the application is told when something of ours breaks.
Task<http::Response> AuthorizeFlow::run(http::Request http, model::Tenant tenant, model::Client client,
                                        model::AuthorizationRequest request) {
  model::OAuthError broken{model::OAuthCode::server_error, "the sign-in could not be started, try again", {}};
  try {
    co_return co_await answer(http, std::move(tenant), client, request);
  } catch (const db::DatabaseError& error) {
    broken.code = model::OAuthCode::temporarily_unavailable;
    broken.detail = error.what();
  } catch (const std::exception& error) {
    broken.detail = error.what();
  }
  log::error("authorize_failed", {{"request_id", http.id}, {"client_id", client.id.str()}, {"detail", broken.detail}});
  co_return co_await services_.responder.refuse(*http.site, std::move(client), std::move(request), std::move(broken),
                                                {}, http.method == http::Method::post);
}

Task<http::Response> AuthorizeFlow::answer(http::Request http, model::Tenant tenant, model::Client client,
                                           model::AuthorizationRequest request) {
  const Instant now = services_.clock.now();
  Situation situation = co_await services_.db.read([&](db::Transaction& tx) {
    Situation seen;
    store::ConnectionStore connections(tx, tenant.id);
    if (!request.connection.empty())
      seen.asked = connections.find_for_client(request.connection, client.id);
    else
      seen.choices = connections.list_for_client(client.id, !client.first_party, kMaxChoices);
    seen.session = find_browser_session(tx, http, tenant, now);
    if (seen.session && !holds_current_cookie(http, *seen.session)) seen.session.reset();
    if (seen.session)
      seen.admitted = admit(tx, tenant.id, client,
                            {seen.session->connection, seen.session->user, seen.session->authenticated_at})
                          .has_value();
    return seen;
  });
  std::erase_if(situation.choices, [&](const auto& choice) { return !is_eligible(choice, true, client); });

  if (!request.connection.empty()) {
    if (!situation.asked)
      co_return co_await refuse(std::move(http), std::move(client), std::move(request), "E7",
                                {model::OAuthCode::invalid_request, "the connection was not found", {}});
    const model::Connection& asked = situation.asked->connection;
    if (!asked.authentication_active)
      co_return co_await refuse(
          std::move(http), std::move(client), std::move(request), "E7",
          {model::OAuthCode::invalid_request, "the connection is not enabled for authentication", {}});
    if (!is_eligible(asked, situation.asked->enabled, client))
      co_return co_await refuse(std::move(http), std::move(client), std::move(request), "E7",
                                {model::OAuthCode::invalid_request, "the connection was disabled", {}});
  }

  const Standing standing{situation.session ? &*situation.session : nullptr, situation.admitted,
                          situation.asked ? situation.asked->connection.id : ConnectionId()};
  switch (decide(request, standing, now)) {
    case Decision::issue:
      co_return co_await sign_on(std::move(http), std::move(tenant), std::move(client), std::move(request),
                                 std::move(*situation.session));
    case Decision::login_required:
      co_return co_await services_.responder.refuse(
          *http.site, std::move(client), std::move(request),
          {model::OAuthCode::login_required, "nobody is signed in who fits this request", {}}, {},
          http.method == http::Method::post);
    case Decision::authenticate:
      co_return co_await authenticate(std::move(http), std::move(tenant), std::move(client), std::move(request),
                                      std::move(situation));
  }
  throw std::logic_error("Decision outside its enumerators");
}

Task<http::Response> AuthorizeFlow::sign_on(http::Request http, model::Tenant tenant, model::Client client,
                                            model::AuthorizationRequest request, model::Session session) {
  const Instant now = services_.clock.now();
  const bool silent = request.has_prompt("none");
  const std::string user_agent = printable(http.headers.get("User-Agent"), 512);
  session.idle_expires_at = idle_end(session, tenant, now);
  session.last_interacted_at = now;
  // Asked again inside the writing unit: what was true at the read may not be any more.
  auto issued = co_await services_.db.write([&](db::Transaction& tx) -> std::optional<IssuedAuthorization> {
    auto admitted = admit(tx, tenant.id, client, {session.connection, session.user, session.authenticated_at});
    if (!admitted) return std::nullopt;
    store::SessionStore sessions(tx, tenant.id);
    if (!sessions.touch(session.id, client.id, now, session.idle_expires_at, user_agent, http.client_address))
      return std::nullopt;
    if (silent) {
      model::LogEvent event;
      event.date = now;
      event.type = "ssa";
      event.client = client.id;
      event.client_name = client.name;
      event.connection_id = admitted->connection.id;
      event.connection = admitted->connection.name;
      event.strategy = to_string(admitted->connection.upstream.strategy);
      event.user = session.user;
      event.ip = http.client_address;
      event.hostname = http.site->host;
      store::LogStore(tx, tenant.id).insert(std::move(event));
    }
    return services_.responder.issue(tx, *http.site, client, request,
                                     {std::move(*admitted->user), session, {}}, now);
  });
  const bool after_post = http.method == http::Method::post;
  if (!issued)
    co_return co_await services_.responder.refuse(
        *http.site, std::move(client), std::move(request),
        {model::OAuthCode::login_required, "the session has ended", {}}, {}, after_post);
  http::Response response = co_await services_.responder.respond(*http.site, std::move(client), std::move(request),
                                                                 std::move(*issued), after_post);
  if (session.persistent) renew_session_cookie(response, http, session, now);
  co_return response;
}

Task<http::Response> AuthorizeFlow::authenticate(http::Request http, model::Tenant tenant, model::Client client,
                                                 model::AuthorizationRequest request, Situation situation) {
  const model::Connection* chosen = nullptr;
  if (situation.asked) {
    chosen = &situation.asked->connection;
  } else if (situation.choices.empty()) {
    co_return co_await refuse(std::move(http), std::move(client), std::move(request), "E8",
                              {model::OAuthCode::invalid_request, "no connections enabled for the client", {}});
  } else if (situation.choices.size() == 1) {
    chosen = &situation.choices.front();
  }
  if (!chosen) {
    pages::LoginPage page;
    page.client_name = client.name;
    for (const model::Connection& choice : situation.choices)
      // Without its button a connection is found by name or domain only: a list of customers is nobody's business.
      if (choice.show_as_button || choice.upstream.strategy == model::Strategy::oauth2)
        page.choices.push_back({choice.label(), choice.icon_url, repeat_with(http, choice.name)});
    co_return pages::render(frame_for(tenant, http, request.ui_locales), page);
  }

  StartOptions options;
  if (situation.session) options.session = situation.session->id;
  auto started = start_login(services_, http, request, *chosen, options);
  if (started) co_return std::move(*started);

  FailedLogin failed{.error = std::move(started.error()),
                     .client = client.id,
                     .client_name = client.name,
                     .connection_id = chosen->id,
                     .connection = chosen->name,
                     .strategy = std::string(to_string(chosen->upstream.strategy))};
  const model::OAuthError error = failed.error.downstream;
  const std::string reference = co_await failures_.report(http, std::move(failed));
  co_return co_await services_.responder.refuse(*http.site, std::move(client), std::move(request), error, reference,
                                                http.method == http::Method::post);
}

Task<http::Response> AuthorizeFlow::refuse(http::Request http, model::Client client,
                                           model::AuthorizationRequest request, std::string rule,
                                           model::OAuthError error) {
  FailedLogin failed;
  failed.error.step = "connection_choice";
  failed.error.rule = std::move(rule);
  failed.error.check = error.description;
  failed.error.received = request.connection;
  failed.error.hint = "Enable the connection for this application, or correct the connection parameter.";
  failed.error.downstream = error;
  failed.client = client.id;
  failed.client_name = client.name;
  failed.connection = request.connection;
  const std::string reference = co_await failures_.report(http, std::move(failed));
  co_return co_await services_.responder.refuse(*http.site, std::move(client), std::move(request), std::move(error),
                                                reference, http.method == http::Method::post);
}

}  // namespace symbolon::login
