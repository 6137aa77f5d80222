#include "login/first_contact_endpoint.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/text.h"
#include "http/counted_address.h"
#include "json/read.h"
#include "login/admission.h"
#include "login/ended.h"
#include "login/form_guard.h"
#include "login/home_realm.h"
#include "login/interactions.h"
#include "login/organisation.h"
#include "login/page_frame.h"
#include "login/sign_in_answer.h"
#include "login/start.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/tenant_store.h"
#include "store/user_store.h"
#include "tickets/page_token.h"
#include "upstream/claims_mapping.h"
#include "upstream/profile_rules.h"

namespace symbolon::login {
namespace {

using pages::ContactText;

constexpr std::string_view kForm = "first-contact";
constexpr std::string_view kPath = "/u/first-contact";
constexpr std::size_t kMaxText = 200;

// What the trip to an old account carries sealed: which waiting sign-in of this browser it is for.
std::string trip_subject(const std::string& id, const model::TicketHash& hash) {
  return id + "." + hex_encode(hash.bytes);
}

struct TripSubject {
  std::string id;
  model::TicketHash hash;
};
std::optional<TripSubject> read_trip_subject(const std::string& text) {
  const auto dot = text.find('.');
  if (dot == std::string::npos) return std::nullopt;
  auto hash = hex_decode(text.substr(dot + 1));
  if (!hash) return std::nullopt;
  return TripSubject{text.substr(0, dot), {std::move(*hash)}};
}

bool is_one_line(std::string_view text) {
  const auto length = count_code_points(text);
  return length && *length <= kMaxText && std::ranges::none_of(text, [](char letter) {
    return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
  });
}

http::Response redirect(const http::Request& http, const std::string& url, bool posted) {
  http::Response response =
      posted ? http::redirect_after_post(http.site->url(url)) : http::redirect_after_get(http.site->url(url));
  http::forbid_caching(response);
  return response;
}

}  // namespace

// A waiting sign-in of this browser, with what the database says about it now.
struct FirstContactEndpoint::Visit {
  std::string id;
  model::TicketHash hash;
  PendingContact pending;
  model::Tenant tenant;
  model::Client client;
  model::Connection connection;
  upstream::MappedProfile mapped;
  std::vector<model::Connection> links;  ///< ways to prove an old account
  bool by_address = false;               ///< an e-mail address leads to more of them
};

Task<std::optional<FirstContactEndpoint::Visit>> FirstContactEndpoint::open(http::Request http, std::string id) {
  const auto value = contact_cookies::find(http, id);
  if (!value) co_return std::nullopt;
  const Instant now = services_.clock.now();
  const model::TicketHash hash = hash_contact(*value);
  co_return co_await services_.db.read([&](db::Transaction& tx) -> std::optional<Visit> {
    const TenantId& tenant = http.site->tenant;
    auto pending = find_contact(tx, services_.box, *http.site, hash, now);
    if (!pending) return std::nullopt;
    auto client = store::ClientStore(tx, tenant).find(pending->login.request.client);
    if (!client) return std::nullopt;
    const model::OrganisationId organisation = organisation_of(pending->login.request.scope);
    store::ConnectionStore connections(tx, tenant, organisation);
    auto found = connections.find_for_client(pending->login.upstream.connection, client->id);
    if (!found || !is_eligible(*found, *client)) return std::nullopt;
    auto mapped = upstream::map_claims(found->connection, pending->identity);
    if (!mapped) return std::nullopt;
    Visit visit;
    // The ways into the account that was found, or those that a login page would show to anybody.
    visit.links = pending->proposed.empty()
                      ? connections_with_button(tx, tenant, *client, organisation)
                      : connections.list_of_user(client->id, !client->first_party, pending->proposed);
    std::erase_if(visit.links, [&](const model::Connection& one) { return one.id == found->connection.id; });
    visit.by_address =
        pending->proposed.empty() && connections.has_domains(client->id, !client->first_party);
    visit.id = id;
    visit.hash = hash;
    visit.tenant = store::TenantStore(tx).find(tenant).value_or(model::Tenant{.id = tenant});
    visit.client = std::move(*client);
    visit.connection = std::move(found->connection);
    visit.mapped = std::move(*mapped);
    visit.pending = std::move(*pending);
    return visit;
  });
}

Task<http::Response> FirstContactEndpoint::not_there(http::Request http) {
  const auto tenant = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::TenantStore(tx).find(http.site->tenant); });
  co_return sign_in_ended(services_, http, tenant.value_or(model::Tenant{.id = http.site->tenant}), nullptr);
}

http::Response FirstContactEndpoint::render(const http::Request& http, const Visit& visit,
                                            pages::FirstContactPage page) {
  const FirstContactDecision& decision = visit.pending.decision;
  page.provider = visit.connection.label();
  page.account = visit.mapped.email.empty() ? visit.mapped.username : visit.mapped.email;
  page.state = visit.id;
  page.token = tickets::seal_form_token(services_.box, visit.tenant.id, kForm, hex_encode(visit.hash.bytes),
                                        services_.clock.now());
  page.form_targets = form_targets_of(visit.pending.login.request.redirect_uri);
  page.proposes = !visit.pending.proposed.empty();
  page.may_link = decision.may_link;
  if (decision.may_link)
    for (const model::Connection& link : visit.links) page.links.push_back({link.label(), link.id.str()});
  page.asks_address = decision.may_link && visit.by_address;
  page.may_create = decision.may_create;
  page.email_needed = decision.may_create && visit.mapped.email.empty();
  if (decision.may_edit && !page.editable) {
    const auto profile = boost::json::parse(visit.mapped.profile).as_object();
    page.editable = pages::ContactProfile{json::find_string(profile, "given_name").value_or(""),
                                          json::find_string(profile, "family_name").value_or(""),
                                          json::find_string(profile, "nickname").value_or(""), visit.mapped.email};
  }
  return pages::render(frame_for(visit.tenant, http, visit.pending.login.request.ui_locales), page);
}

Task<http::Response> FirstContactEndpoint::show(http::Request http) {
  const http::Form query = http::Form::parse(http.query).value_or(http::Form());
  auto visit = co_await open(http, query.get("state"));
  if (!visit) co_return co_await not_there(std::move(http));
  pages::FirstContactPage page;
  const std::string why = query.get("notice");
  if (why == "unknown") page.notice = ContactText::unknown_account;
  if (why == "another") page.notice = ContactText::another_account;
  if (why == "failed") page.notice = ContactText::trip_failed;
  page.reference = page.notice ? printable(query.get("reference"), 32) : std::string();
  co_return render(http, *visit, std::move(page));
}

Task<http::Response> FirstContactEndpoint::take(http::Request http) {
  const http::Form form = http::Form::parse(http.body).value_or(http::Form());
  auto visit = co_await open(http, form.get("state"));
  if (!visit) co_return co_await not_there(std::move(http));
  if (!is_our_form(http, services_.box, kForm, hex_encode(visit->hash.bytes), form.get("token"),
                   services_.clock.now()))
    co_return render(http, *visit, {.status = 403});
  const std::string action = form.get("action");
  if (action == "cancel") co_return co_await cancel(std::move(http), std::move(*visit));
  // What the page does not offer is not done either: hiding a button is no check (CVE-2024-49757).
  if (action == "link" && visit->pending.decision.may_link && form.has("connection"))
    co_return co_await begin_link(std::move(http), std::move(*visit), form.get("connection"), {});
  if (action == "link" && visit->pending.decision.may_link)
    co_return co_await find_way(std::move(http), std::move(*visit),
                                printable(trim(form.get("identifier")), 4 * kMaxText));
  if (action == "create" && visit->pending.decision.may_create)
    co_return co_await create(std::move(http), std::move(*visit), form);
  co_return render(http, *visit, {.status = 400});
}

// The person's address at the old account leads to its provider, as it does on the login page.
Task<http::Response> FirstContactEndpoint::find_way(http::Request http, Visit visit, std::string identifier) {
  const auto domain = visit.by_address ? domain_of(identifier) : std::nullopt;
  pages::FirstContactPage page{.status = 400};
  page.identifier = identifier;
  // HR-5: for each address, and for each sign-in wherever it is answered from.
  const Instant now = services_.clock.now();
  if (!attempts_.take(http::counted_address(http.client_address), now).allowed ||
      !attempts_.take("contact|" + visit.id, now).allowed) {
    page.status = 429;
    page.identifier_problem = pages::Text::identifier_too_often;
    co_return render(http, visit, std::move(page));
  }
  if (!domain) {
    page.identifier_problem = pages::Text::identifier_missing;
    co_return render(http, visit, std::move(page));
  }
  visit.links = co_await services_.db.read([&](db::Transaction& tx) {
    auto found = connections_for_domain(tx, visit.tenant.id, visit.client, *domain,
                                        organisation_of(visit.pending.login.request.scope));
    std::erase_if(found, [&](const model::Connection& one) { return one.id == visit.connection.id; });
    return found;
  });
  if (visit.links.size() == 1) {
    std::string only = visit.links.front().id.str();
    co_return co_await begin_link(std::move(http), std::move(visit), std::move(only), std::move(identifier));
  }
  page.status = visit.links.empty() ? 400 : 200;
  if (visit.links.empty()) {
    page.identifier_problem = pages::Text::identifier_unknown;
    page.identifier_subject = *domain;
  }
  co_return render(http, visit, std::move(page));
}

Task<http::Response> FirstContactEndpoint::begin_link(http::Request http, Visit visit, std::string connection,
                                                      std::string login_hint) {
  // Found by its domain: not among the buttons, but the application may use it.
  if (visit.by_address && !connection.empty() && connection != visit.connection.id.str())
    co_await services_.db.read([&](db::Transaction& tx) {
      const model::OrganisationId organisation = organisation_of(visit.pending.login.request.scope);
      auto found = store::ConnectionStore(tx, visit.tenant.id, organisation)
                       .find_for_client(ConnectionId(connection), visit.client.id);
      if (found && is_eligible(*found, visit.client)) visit.links.push_back(std::move(found->connection));
    });
  const auto chosen = std::ranges::find(visit.links, connection, [](const auto& link) { return link.id.str(); });
  if (chosen == visit.links.end()) co_return render(http, visit, {.status = 400});
  StartOptions options;
  options.purpose = tickets::LoginPurpose::link_account;
  options.subject = trip_subject(visit.id, visit.hash);
  options.session = visit.pending.login.session;
  model::AuthorizationRequest request = visit.pending.login.request;
  request.subjects.clear();
  // What the person typed replaces what the application guessed, under every name.
  if (!login_hint.empty()) {
    request.login_hint = std::move(login_hint);
    std::erase_if(request.passed_on, [](const auto& parameter) { return parameter.first == "login_hint"; });
  }
  auto started = start_login(services_, http, request, *chosen, options);
  if (started) co_return std::move(*started);
  FailedLogin failed{.error = std::move(started.error()),
                     .client = visit.client.id,
                     .client_name = visit.client.name,
                     .connection_id = chosen->id,
                     .connection = chosen->name,
                     .strategy = std::string(to_string(chosen->upstream.strategy)),
                     .proven_browser = true};
  pages::FirstContactPage page;
  page.notice = ContactText::trip_failed;
  page.reference = co_await failures_.report(http, std::move(failed));
  co_return render(http, visit, std::move(page));
}

Task<http::Response> FirstContactEndpoint::create(http::Request http, Visit visit, http::Form form) {
  ContactAnswer::NewAccount account;
  pages::FirstContactPage page;
  if (visit.pending.decision.may_edit) {
    const auto field = [&](std::string_view name) { return std::string(trim(form.get(name))); };
    account = {true, field("given_name"), field("family_name"), field("nickname"), field("email")};
    for (const std::string& text : {account.given_name, account.family_name, account.nickname})
      if (!is_one_line(text)) page.text_problem = ContactText::text_problem;
    if (!upstream::is_email_address(account.email) || account.email.size() > kMaxText)
      page.email_problem = ContactText::email_problem;
  }
  if (page.text_problem || page.email_problem) {
    page.status = 400;
    page.editable = pages::ContactProfile{account.given_name, account.family_name, account.nickname, account.email};
    co_return render(http, visit, std::move(page));
  }
  ContactAnswer answer{.pending = visit.hash, .choice = std::move(account)};
  auto outcome = co_await finish_.resume(http, visit.tenant, visit.client, std::move(answer));
  co_return co_await end(std::move(http), std::move(visit), std::move(outcome), true);
}

Task<http::Response> FirstContactEndpoint::cancel(http::Request http, Visit visit) {
  const Instant now = services_.clock.now();
  co_await services_.db.write(
      [&](db::Transaction& tx) { take_contact(tx, services_.box, *http.site, visit.hash, now); });
  model::OAuthError cancelled{model::OAuthCode::access_denied, "the person cancelled the sign-in", {}};
  http::Response response =
      co_await services_.responder.refuse(http, std::move(visit.client), std::move(visit.pending.login.request),
                                          std::move(cancelled), {}, true);
  contact_cookies::forget(response, http, visit.id);
  co_return response;
}

Task<http::Response> FirstContactEndpoint::end(http::Request http, Visit visit, Finish::Outcome outcome, bool posted) {
  const std::string id = visit.id;
  http::Response response;
  if (auto* refused = std::get_if<RefusedSignIn>(&outcome)) {
    FailedLogin failed{.error = std::move(refused->error),
                       .client = visit.client.id,
                       .client_name = visit.client.name,
                       .connection_id = visit.connection.id,
                       .connection = visit.connection.name,
                       .strategy = std::string(to_string(visit.connection.upstream.strategy)),
                       .user = std::move(refused->user),
                       .user_name = std::move(refused->user_name),
                       .proven_browser = true};
    model::OAuthError downstream = failed.error.downstream;
    const std::string reference = co_await failures_.report(http, std::move(failed));
    response = co_await services_.responder.refuse(http, std::move(visit.client),
                                                   std::move(visit.pending.login.request), std::move(downstream),
                                                   reference, posted);
  } else {
    EndedSignIn ended{std::move(visit.tenant), std::move(visit.client), std::move(visit.pending.login.request),
                      std::move(visit.pending.login.page), posted};
    response = co_await answer_sign_in(services_, http, std::move(ended), std::move(outcome));
  }
  contact_cookies::forget(response, http, id);
  http::forbid_caching(response);
  co_return response;
}

Task<http::Response> FirstContactEndpoint::link(http::Request http, tickets::LoginTicket trip,
                                                upstream::ProvenIdentity identity, bool posted) {
  const auto subject = read_trip_subject(trip.subject);
  auto visit = subject ? co_await open(http, subject->id) : std::nullopt;
  // T1: the trip was begun for another waiting sign-in than the one that this browser holds.
  if (!visit || visit->hash != subject->hash) co_return co_await not_there(std::move(http));
  ContactAnswer answer{.pending = visit->hash,
                       .choice = ContactAnswer::ProvedAccount{trip.upstream.connection, identity.subject, trip}};
  auto outcome = co_await finish_.resume(http, visit->tenant, visit->client, std::move(answer));
  // The question is still open when the sign-in led to no account, or to another one than the page named.
  const auto open_again = std::holds_alternative<RefusedSignIn>(outcome)
                              ? co_await open(http, visit->id)
                              : std::optional<Visit>();
  if (open_again) {
    auto& refused = std::get<RefusedSignIn>(outcome);
    FailedLogin failed{.error = std::move(refused.error),
                       .client = visit->client.id,
                       .client_name = visit->client.name,
                       .connection_id = trip.upstream.connection,
                       .connection = trip.upstream.connection_name,
                       .strategy = {},
                       .user = std::move(refused.user),
                       .user_name = std::move(refused.user_name),
                       .proven_browser = true};
    const std::string reference = co_await failures_.report(http, std::move(failed));
    const std::string notice = visit->pending.proposed.empty() ? "unknown" : "another";
    co_return redirect(http, std::string(kPath) + "?" + http::encode_form({{"state", visit->id}, {"notice", notice},
                                                                           {"reference", reference}}), posted);
  }
  co_return co_await end(std::move(http), std::move(*visit), std::move(outcome), posted);
}

Task<http::Response> FirstContactEndpoint::link_failed(http::Request http, tickets::LoginTicket trip,
                                                       std::string reference, bool posted) {
  const auto subject = read_trip_subject(trip.subject);
  const std::string id = subject ? subject->id : std::string();
  const std::string query =
      http::encode_form({{"state", id}, {"notice", "failed"}, {"reference", std::move(reference)}});
  co_return redirect(http, std::string(kPath) + "?" + query, posted);
}

}  // namespace symbolon::login
