#include "login/login_pages.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "http/counted_address.h"
#include "http/form.h"
#include "login/admission.h"
#include "login/departure.h"
#include "login/form_guard.h"
#include "login/home_realm.h"
#include "login/interactions.h"
#include "login/last_choice.h"
#include "login/organisation.h"
#include "login/page_frame.h"
#include "pages/login_page.h"
#include "pages/select_page.h"
#include "store/connection_store.h"
#include "tickets/page_token.h"

namespace symbolon::login {
namespace {

using tickets::InteractionStep;

constexpr std::string_view kIdentifierForm = "identifier", kAccountForm = "account";
constexpr std::size_t kMaxIdentifier = 255;

http::Form query_of(const http::Request& http) { return http::Form::parse(http.query).value_or(http::Form()); }
http::Form body_of(const http::Request& http) { return http::Form::parse(http.body).value_or(http::Form()); }

pages::LoginChoice choice_of(const model::Connection& connection, const std::string& page, const ConnectionId& last) {
  const std::string url = "/u/login/start?" + http::encode_form({{"state", page}, {"connection", connection.name}});
  return {connection.label(), connection.icon_url, url, connection.id == last};
}

std::string bound_to(const Visit& visit) { return visit.page.id + "|" + visit.page.user.str(); }

bool is_reference(std::string_view text) {
  return text.size() == 9 && text.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ-") == std::string_view::npos;
}

// The request as it goes on after the person has answered `prompt=select_account`.
model::AuthorizationRequest after_account_choice(model::AuthorizationRequest request, bool other) {
  std::erase(request.prompt, "select_account");
  if (other) request.prompt.push_back("login");
  return request;
}

}  // namespace

// How a page of choices is shown.
struct LoginPages::Shown {
  int status = 200;
  std::optional<bool> with_identifier;  ///< absent: where the client's connections make one useful
  std::optional<pages::Text> problem, notice;
  std::string problem_subject;
  std::string identifier;  ///< in the field
  std::string reference;
  std::int64_t retry_after = 0;  ///< seconds; 0: the answer does not say
};

// HR-5: 30 a minute for each address, and for each sign-in wherever it is submitted from.
std::optional<std::int64_t> LoginPages::must_wait(const http::Request& http, const Visit& visit, Instant now) {
  for (const std::string& key : {http::counted_address(http.client_address), "page|" + visit.page.id})
    if (const RateVerdict verdict = attempts_.take(key, now); !verdict.allowed)
      return std::max<std::int64_t>(verdict.retry_after, 1);
  return std::nullopt;
}

Task<http::Response> LoginPages::show_identifier(http::Request http) {
  auto visit = co_await open_visit(services_, http, query_of(http).get("state"), InteractionStep::sign_in);
  if (auto* ended = std::get_if<http::Response>(&visit)) co_return std::move(*ended);
  Shown shown;
  shown.with_identifier = true;
  shown.identifier = std::get<Visit>(visit).page.request.login_hint;
  co_return co_await show(std::move(http), std::move(std::get<Visit>(visit)), std::move(shown));
}

Task<http::Response> LoginPages::show_buttons(http::Request http) {
  auto visit = co_await open_visit(services_, http, query_of(http).get("state"), InteractionStep::sign_in);
  if (auto* ended = std::get_if<http::Response>(&visit)) co_return std::move(*ended);
  Shown shown;
  shown.with_identifier = false;
  co_return co_await show(std::move(http), std::move(std::get<Visit>(visit)), std::move(shown));
}

Task<http::Response> LoginPages::show_again(http::Request http) {
  auto visit = co_await open_visit(services_, http, query_of(http).get("state"), InteractionStep::sign_in);
  if (auto* ended = std::get_if<http::Response>(&visit)) co_return std::move(*ended);
  Shown shown;
  shown.notice = pages::Text::login_not_finished;
  shown.identifier = std::get<Visit>(visit).page.request.login_hint;
  if (const std::string reference = query_of(http).get("reference"); is_reference(reference))
    shown.reference = reference;
  co_return co_await show(std::move(http), std::move(std::get<Visit>(visit)), std::move(shown));
}

Task<http::Response> LoginPages::show(http::Request http, Visit visit, Shown shown) {
  const Instant now = services_.clock.now();
  const ConnectionId last = find_last_choice(http, services_.box, now);
  const TenantId& tenant = visit.tenant.id;
  pages::LoginPage page;
  page.status = shown.status;
  page.client_name = visit.client.name;
  page.notice = shown.notice;
  page.reference = std::move(shown.reference);
  bool with_identifier = shown.with_identifier.value_or(true);
  const model::OrganisationId organisation = organisation_of(visit.page.request.scope);
  co_await services_.db.read([&](db::Transaction& tx) {
    page.choices.clear();
    if (!shown.with_identifier)
      with_identifier = store::ConnectionStore(tx, tenant, organisation)
                            .has_domains(visit.client.id, !visit.client.first_party);
    for (const model::Connection& connection : connections_with_button(tx, tenant, visit.client, organisation))
      page.choices.push_back(choice_of(connection, visit.page.id, last));
    if (last.empty()) return;
    const auto listed = std::ranges::find_if(page.choices, &pages::LoginChoice::last_used);
    if (listed != page.choices.end()) {
      std::rotate(page.choices.begin(), listed, listed + 1);
      return;
    }
    // Found by its domain last time: this browser knows the connection, so naming it tells nobody anything.
    const auto known = store::ConnectionStore(tx, tenant, organisation).find_for_client(last, visit.client.id);
    if (known && is_eligible(*known, visit.client) && is_usable(known->connection))
      page.choices.insert(page.choices.begin(), choice_of(known->connection, visit.page.id, last));
  });
  if (with_identifier)
    page.identifier = pages::IdentifierForm{
        .state = visit.page.id,
        .targets = form_targets_of(visit.page.request.redirect_uri),
        .token = tickets::seal_form_token(services_.box, tenant, kIdentifierForm, bound_to(visit), now),
        .value = std::move(shown.identifier),
        .problem = shown.problem,
        .problem_subject = std::move(shown.problem_subject)};
  http::Response response = pages::render(frame_for(visit.tenant, http, visit.page.request.ui_locales), page);
  if (shown.retry_after > 0) response.headers.set("Retry-After", std::to_string(shown.retry_after));
  co_return response;
}

Task<http::Response> LoginPages::take_identifier(http::Request http) {
  const Instant now = services_.clock.now();
  const http::Form form = body_of(http);
  auto opened = co_await open_visit(services_, http, form.get("state"), InteractionStep::sign_in);
  if (auto* ended = std::get_if<http::Response>(&opened)) co_return std::move(*ended);
  Visit visit = std::move(std::get<Visit>(opened));

  Shown shown;
  shown.with_identifier = true;
  shown.identifier = printable(trim(form.get("identifier")), 4 * kMaxIdentifier);
  if (!is_our_form(http, services_.box, kIdentifierForm, bound_to(visit), form.get("token"), now)) {
    shown.status = 403;
    shown.problem = pages::Text::form_expired;
  } else if (const auto wait = must_wait(http, visit, now)) {
    shown.status = 429;
    shown.retry_after = *wait;
    shown.problem = pages::Text::identifier_too_often;
  }
  if (shown.problem) co_return co_await show(std::move(http), std::move(visit), std::move(shown));

  const auto domain = domain_of(shown.identifier);
  if (!domain || count_code_points(shown.identifier).value_or(kMaxIdentifier + 1) > kMaxIdentifier) {
    shown.problem = pages::Text::identifier_missing;
    co_return co_await show(std::move(http), std::move(visit), std::move(shown));
  }
  auto found = co_await services_.db.read([&](db::Transaction& tx) {
    return connections_for_domain(tx, visit.tenant.id, visit.client, *domain,
                                  organisation_of(visit.page.request.scope));
  });
  if (found.empty()) {
    shown.problem = pages::Text::identifier_unknown;
    shown.problem_subject = shown.identifier.substr(shown.identifier.rfind('@') + 1);
    co_return co_await show(std::move(http), std::move(visit), std::move(shown));
  }

  // What the person typed replaces what the application guessed, for every name under which the provider may get it.
  visit.page.request.login_hint = shown.identifier;
  std::erase_if(visit.page.request.passed_on, [](const auto& parameter) { return parameter.first == "login_hint"; });
  if (found.size() == 1) {
    const tickets::Interaction page = visit.page;
    http::Response left = co_await leave(http, std::move(visit), std::move(found.front()));
    // Whoever comes back finds the address in the field; one that does not fit is typed again.
    std::ignore = interactions::keep(left, http, services_.box, page, now);
    co_return left;
  }
  http::Response response =
      http::redirect_after_post(http.site->url(interactions::page_url("/u/login/select", visit.page.id)));
  http::forbid_caching(response);
  if (interactions::keep(response, http, services_.box, visit.page, now)) co_return response;
  shown.problem = pages::Text::identifier_missing;
  co_return co_await show(std::move(http), std::move(visit), std::move(shown));
}

Task<http::Response> LoginPages::leave(http::Request http, Visit visit, model::Connection connection) {
  StartOptions options;
  options.session = visit.page.session;
  options.page = visit.page.id;
  co_return co_await depart(services_, failures_, std::move(http), std::move(visit.client),
                            std::move(visit.page.request), std::move(connection), std::move(options));
}

Task<http::Response> LoginPages::start(http::Request http) {
  const http::Form form = query_of(http);
  auto opened = co_await open_visit(services_, http, form.get("state"), InteractionStep::sign_in);
  if (auto* ended = std::get_if<http::Response>(&opened)) co_return std::move(*ended);
  Visit visit = std::move(std::get<Visit>(opened));
  const std::string name = form.get("connection");
  const model::OrganisationId organisation = organisation_of(visit.page.request.scope);
  auto connection = co_await services_.db.read(
      [&](db::Transaction& tx) { return find_eligible(tx, visit.tenant.id, visit.client, name, organisation); });
  if (connection) co_return co_await leave(std::move(http), std::move(visit), std::move(*connection));
  Shown shown;
  shown.notice = pages::Text::login_not_finished;
  co_return co_await show(std::move(http), std::move(visit), std::move(shown));
}

Task<http::Response> LoginPages::show_select(http::Request http) {
  const std::string state = query_of(http).get("state");
  const auto waiting = interactions::find(http, services_.box, state, services_.clock.now());
  const bool about_account = waiting && waiting->step == InteractionStep::account;
  auto opened = co_await open_visit(services_, http, state,
                                    about_account ? InteractionStep::account : InteractionStep::sign_in);
  if (auto* ended = std::get_if<http::Response>(&opened)) co_return std::move(*ended);
  Visit visit = std::move(std::get<Visit>(opened));
  if (about_account) co_return co_await show_account(std::move(http), std::move(visit));

  pages::SelectPage page;
  page.identifier = visit.page.request.login_hint;
  page.other_url = interactions::page_url("/u/login/identifier", visit.page.id);
  const auto domain = domain_of(page.identifier);
  const ConnectionId last = find_last_choice(http, services_.box, services_.clock.now());
  const model::OrganisationId organisation = organisation_of(visit.page.request.scope);
  if (domain)
    co_await services_.db.read([&](db::Transaction& tx) {
      page.choices.clear();
      for (const auto& connection : connections_for_domain(tx, visit.tenant.id, visit.client, *domain, organisation))
        page.choices.push_back(choice_of(connection, visit.page.id, last));
    });
  if (page.choices.empty()) co_return http::redirect_after_get(http.site->url(page.other_url));
  co_return pages::render(frame_for(visit.tenant, http, visit.page.request.ui_locales), page);
}

Task<http::Response> LoginPages::show_account(http::Request http, Visit visit) {
  pages::AccountPage page;
  page.client_name = visit.client.name;
  page.account = account_name(*visit.user);
  page.state = visit.page.id;
  page.token = tickets::seal_form_token(services_.box, visit.tenant.id, kAccountForm, bound_to(visit),
                                        services_.clock.now());
  page.form_targets = form_targets_of(visit.page.request.redirect_uri);
  page.other_url = interactions::page_url("/u/login/other", visit.page.id);
  co_return pages::render(frame_for(visit.tenant, http, visit.page.request.ui_locales), page);
}

Task<http::Response> LoginPages::take_account(http::Request http) {
  const http::Form form = body_of(http);
  auto opened = co_await open_visit(services_, http, form.get("state"), InteractionStep::account);
  if (auto* ended = std::get_if<http::Response>(&opened)) co_return std::move(*ended);
  Visit visit = std::move(std::get<Visit>(opened));
  if (!is_our_form(http, services_.box, kAccountForm, bound_to(visit), form.get("token"), services_.clock.now())) {
    http.method = http::Method::get;
    http::Response again = co_await show_account(std::move(http), std::move(visit));
    again.status = 403;
    co_return again;
  }
  const std::string page = visit.page.id;
  auto request = after_account_choice(std::move(visit.page.request), false);
  http::Response response =
      co_await flow_.run(http, std::move(visit.tenant), std::move(visit.client), std::move(request));
  interactions::forget(response, http, page);
  co_return response;
}

Task<http::Response> LoginPages::other_account(http::Request http) {
  auto opened = co_await open_visit(services_, http, query_of(http).get("state"), InteractionStep::account);
  if (auto* ended = std::get_if<http::Response>(&opened)) co_return std::move(*ended);
  Visit visit = std::move(std::get<Visit>(opened));
  auto request = after_account_choice(std::move(visit.page.request), true);
  co_return co_await flow_.run(std::move(http), std::move(visit.tenant), std::move(visit.client), std::move(request));
}

}  // namespace symbolon::login
