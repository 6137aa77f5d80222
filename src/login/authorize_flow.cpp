#include "login/authorize_flow.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "login/admission.h"
#include "login/browser_session.h"
#include "login/consent.h"
#include "login/decision.h"
#include "login/departure.h"
#include "login/event_names.h"
#include "login/home_realm.h"
#include "login/interactions.h"
#include "login/organisation.h"
#include "login/silent_event.h"
#include "store/connection_store.h"
#include "store/log_store.h"
#include "store/session_store.h"
#include "tickets/opaque.h"

namespace symbolon::login {
// Everything that one read of the database tells about a request.
struct AuthorizeFlow::Situation {
  std::optional<std::string> bad_organisation;  ///< why the scope names none that could be meant; it offers nothing
  std::optional<model::Session> session;
  std::optional<store::ConnectionForClient> asked;  ///< the connection that the request names
  HomeRealm home;                                   ///< when it names none and somebody has to authenticate
  Decision decision = Decision::authenticate;
};

struct AuthorizeFlow::Consented {
  ConsentQuestion question;
  std::string login_claims;  ///< of the login before the page
};

struct AuthorizeFlow::Obstacle {
  std::string rule;
  std::string why;         ///< for administrators
  model::OAuthError told;  ///< to the application
};

// What is told of an organisation says nothing of it: one that does not exist is like one that offers nothing here, so
// that nobody learns from applications which customers there are.
std::optional<AuthorizeFlow::Obstacle> AuthorizeFlow::find_obstacle(const Situation& situation,
                                                                    const model::Client& client,
                                                                    const model::AuthorizationRequest& request) {
  const auto refused = [&](std::string rule, std::string why) {
    const bool organisation = std::ranges::any_of(request.scope, names_organisation);
    const char* same = request.connection.empty() ? "the organisation offers this application no connection"
                                                  : "the organisation does not offer this connection";
    model::OAuthError told{model::OAuthCode::invalid_request, organisation ? same : why, {}};
    return Obstacle{std::move(rule), std::move(why), std::move(told)};
  };
  if (situation.bad_organisation) return refused("AUTH-Bs7Ds", *situation.bad_organisation);
  if (request.connection.empty()) {
    if (situation.home.landing != Landing::nowhere) return std::nullopt;
    return refused("E8", situation.home.none_to_offer
                             ? "no connection of the client has a button or a domain, so one has to be named"
                             : "no connections enabled for the client");
  }
  if (!situation.asked) return refused("E7", "the connection was not found");
  if (!situation.asked->connection.authentication_active)
    return refused("E7", "the connection is not enabled for authentication");
  if (is_eligible(*situation.asked, client)) return std::nullopt;
  if (organisation_of(request.scope).empty()) return refused("E7", "the connection was disabled");
  return refused("VIEW-Fsj7f", "the organisation's login policy does not list the connection");
}

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
  co_return co_await services_.responder.refuse(http, std::move(client), std::move(request), std::move(broken),
                                                {}, http.method == http::Method::post);
}

Task<http::Response> AuthorizeFlow::answer(http::Request http, model::Tenant tenant, model::Client client,
                                           model::AuthorizationRequest request) {
  const Instant now = services_.clock.now();
  Situation situation = co_await services_.db.read([&](db::Transaction& tx) {
    Situation seen;
    if (auto settled = settle_organisation(tx, *http.site, request.scope); !settled) {
      seen.bad_organisation = std::move(settled.error());
      if (request.has_prompt("none")) seen.decision = Decision::login_required;
      return seen;
    }
    const model::OrganisationId organisation = organisation_of(request.scope);
    Standing standing;
    if (!request.connection.empty())
      seen.asked = store::ConnectionStore(tx, tenant.id, organisation).find_for_client(request.connection, client.id);
    if (seen.asked) standing.asked = seen.asked->connection.id;
    seen.session = find_browser_session(tx, http, tenant, now);
    if (seen.session && !holds_current_cookie(http, *seen.session)) seen.session.reset();
    if (seen.session) {
      const model::Session& session = *seen.session;
      standing.session = &session;
      standing.admitted =
          admit(tx, tenant.id, client, {session.connection, organisation, session.user, session.authenticated_at})
              .has_value();
      if (standing.admitted)
        standing.consent_is_open = find_consent_question(tx, tenant.id, client, request, session.user).is_open;
    }
    seen.decision = decide(request, standing, now);
    if (seen.decision == Decision::authenticate && request.connection.empty())
      seen.home = find_home_realm(tx, tenant.id, client, organisation);
    return seen;
  });

  if (!request.connection.empty())
    if (auto obstacle = find_obstacle(situation, client, request))
      co_return co_await refuse(std::move(http), std::move(client), std::move(request), std::move(*obstacle));

  const auto ask = [&](tickets::InteractionStep step) {
    tickets::Interaction page = interactions::begin(http, request, step, services_.random, now);
    page.session = situation.session->id;
    page.user = situation.session->user;
    return page;
  };
  switch (situation.decision) {
    case Decision::issue:
      co_return co_await sign_on(std::move(http), std::move(tenant), std::move(client), std::move(request),
                                 std::move(*situation.session), std::nullopt);
    case Decision::authenticate:
      co_return co_await authenticate(std::move(http), std::move(tenant), std::move(client), std::move(request),
                                      std::move(situation));
    case Decision::choose_account: {
      tickets::Interaction page = ask(tickets::InteractionStep::account);
      co_return co_await show(std::move(http), std::move(client), std::move(page), "/u/login/select");
    }
    case Decision::ask_consent: {
      tickets::Interaction page = ask(tickets::InteractionStep::consent);
      co_return co_await show(std::move(http), std::move(client), std::move(page), "/u/consent");
    }
    case Decision::login_required:
      co_return co_await refuse_silently(std::move(http), std::move(client), std::move(request),
                                         std::move(situation.session),
                                         {model::OAuthCode::login_required, "nobody is signed in who fits this request", {}});
    case Decision::consent_required:
      co_return co_await refuse_silently(
          std::move(http), std::move(client), std::move(request), std::move(situation.session),
          {model::OAuthCode::consent_required, "the person has to be asked for consent first", {}});
  }
  throw std::logic_error("Decision outside its enumerators");
}

// Only a browser with a live session costs a row.
Task<http::Response> AuthorizeFlow::refuse_silently(http::Request http, model::Client client,
                                                    model::AuthorizationRequest request,
                                                    std::optional<model::Session> session, model::OAuthError error) {
  if (session && silent_failures_.take(session->id.str(), services_.clock.now()).allowed) {
    try {
      model::LogEvent event =
          silent_failure(http, client, *session, to_string(error.code), error.description, services_.clock.now());
      co_await services_.db.write([&](db::Transaction& tx) {
        fill_names(tx, http.site->tenant, event);
        store::LogStore(tx, http.site->tenant).insert(event);
      });
    } catch (const db::DatabaseError& broken) {
      log::error("silent_failure_not_stored", {{"request_id", http.id}, {"detail", broken.what()}});
    }
  }
  const bool after_post = http.method == http::Method::post;
  co_return co_await services_.responder.refuse(std::move(http), std::move(client), std::move(request),
                                                std::move(error), {}, after_post);
}

// The page is a redirect away, so that a reload does not repeat the request.
Task<http::Response> AuthorizeFlow::show(http::Request http, model::Client client, tickets::Interaction page,
                                         std::string_view path) {
  const std::string url = http.site->url(interactions::page_url(path, page.id));
  const bool after_post = http.method == http::Method::post;
  http::Response response = after_post ? http::redirect_after_post(url) : http::redirect_after_get(url);
  http::forbid_caching(response);
  const auto kept = interactions::keep(response, http, services_.box, page, services_.clock.now());
  if (kept) co_return response;
  const std::string why = "the parameter " + kept.error().parameter + " is too long";
  Obstacle obstacle{"OP-20c", why, {model::OAuthCode::invalid_request, why, {}}};
  co_return co_await refuse(std::move(http), std::move(client), std::move(page.request), std::move(obstacle));
}

Task<http::Response> AuthorizeFlow::accept_consent(http::Request http, Visit visit) {
  ConsentQuestion question = co_await services_.db.read([&](db::Transaction& tx) {
    return find_consent_question(tx, visit.tenant.id, visit.client, visit.page.request, visit.user->id);
  });
  Consented consented{std::move(question), std::move(visit.page.login_claims)};
  const std::string page = visit.page.id;
  http::Response response =
      co_await sign_on(http, std::move(visit.tenant), std::move(visit.client), std::move(visit.page.request),
                       std::move(*visit.session), std::move(consented));
  interactions::forget(response, http, page);
  co_return response;
}

Task<http::Response> AuthorizeFlow::sign_on(http::Request http, model::Tenant tenant, model::Client client,
                                            model::AuthorizationRequest request, model::Session session,
                                            std::optional<Consented> consented) {
  const Instant now = services_.clock.now();
  const bool silent = request.has_prompt("none");
  const std::string user_agent = printable(http.headers.get("User-Agent"), 512);
  session.idle_expires_at = idle_end(session, tenant, now);
  session.last_interacted_at = now;
  // What the old cookie could not do, somebody who stole it must not be able to do from here on (SE-3, T44).
  std::optional<tickets::Opaque<model::SessionCookieHash>> upgraded;
  if (consented) upgraded = tickets::make_session_cookie(services_.random, now);
  // Asked again inside the writing unit: what was true at the read may not be any more.
  auto issued = co_await services_.db.write([&](db::Transaction& tx) -> std::optional<IssuedAuthorization> {
    auto admitted = admit(tx, tenant.id, client, {session.connection, organisation_of(request.scope), session.user,
                                                  session.authenticated_at});
    if (!admitted || !request.may_be(session.user) || !request.accepts_acr(session.acr)) return std::nullopt;
    if (is_too_old(request, session.authenticated_at, now)) return std::nullopt;
    if (!consented && find_consent_question(tx, tenant.id, client, request, session.user).is_open) return std::nullopt;
    store::SessionStore sessions(tx, tenant.id);
    if (!sessions.touch(session.id, now, session.idle_expires_at, user_agent, http.client_address))
      return std::nullopt;
    if (upgraded && !sessions.replace_cookie(session.id, session.cookie, upgraded->hash, now + kCookieGrace))
      return std::nullopt;
    // After everything that may refuse: a refusal must not leave the consent behind.
    if (consented) remember_consent(tx, tenant.id, client.id, session.user, consented->question, now);
    if (silent)
      store::LogStore(tx, tenant.id).insert(silent_success(http, client, admitted->connection, *admitted->user, session, now));
    return services_.responder.issue(tx, *http.site, client, request,
                                     {std::move(*admitted->user), session, consented ? consented->login_claims : ""}, now);
  });
  const bool after_post = http.method == http::Method::post;
  if (!issued && silent)
    co_return co_await refuse_silently(std::move(http), std::move(client), std::move(request), std::move(session),
                                       {model::OAuthCode::login_required, "the session has ended", {}});
  if (!issued)
    co_return co_await services_.responder.refuse(
        http, std::move(client), std::move(request),
        {model::OAuthCode::login_required, "the session has ended", {}}, {}, after_post);
  http::Response response = co_await services_.responder.respond(http, std::move(client), std::move(request),
                                                                 std::move(*issued), after_post);
  if (upgraded)
    set_session_cookie(response, http, session, std::move(upgraded->value), now);
  else if (session.persistent)
    renew_session_cookie(response, http, session, now);
  co_return response;
}

Task<http::Response> AuthorizeFlow::authenticate(http::Request http, model::Tenant tenant, model::Client client,
                                                 model::AuthorizationRequest request, Situation situation) {
  std::optional<model::Connection> chosen;
  if (situation.asked)
    chosen = std::move(situation.asked->connection);
  else if (auto obstacle = find_obstacle(situation, client, request))
    co_return co_await refuse(std::move(http), std::move(client), std::move(request), std::move(*obstacle));
  else
    chosen = std::move(situation.home.only);

  const SessionId session = situation.session ? situation.session->id : SessionId();
  if (!chosen) {
    tickets::Interaction page = interactions::begin(http, std::move(request), tickets::InteractionStep::sign_in,
                                                    services_.random, services_.clock.now());
    page.session = session;
    co_return co_await show(std::move(http), std::move(client), std::move(page),
                            situation.home.landing == Landing::identifier ? "/u/login/identifier" : "/u/login");
  }
  StartOptions options;
  options.session = session;
  co_return co_await depart(services_, failures_, std::move(http), std::move(client), std::move(request),
                            std::move(*chosen), std::move(options));
}

Task<http::Response> AuthorizeFlow::refuse(http::Request http, model::Client client,
                                           model::AuthorizationRequest request, Obstacle obstacle) {
  FailedLogin failed;
  failed.error.step = "connection_choice";
  failed.error.rule = std::move(obstacle.rule);
  failed.error.check = std::move(obstacle.why);
  failed.error.received = request.connection;
  failed.error.hint = "Enable the connection for this application, or correct the connection parameter.";
  for (const std::string& scope : request.scope) {
    if (!names_organisation(scope)) continue;
    failed.error.received += (failed.error.received.empty() ? "" : " ") + scope;
    failed.error.hint = "Correct the scope that names the organisation, or add the provider to its login policy.";
  }
  failed.error.downstream = obstacle.told;
  failed.client = client.id;
  failed.client_name = client.name;
  failed.connection = request.connection;
  const std::string reference = co_await failures_.report(http, std::move(failed));
  co_return co_await services_.responder.refuse(http, std::move(client), std::move(request), std::move(obstacle.told),
                                                reference, http.method == http::Method::post);
}

}  // namespace symbolon::login
