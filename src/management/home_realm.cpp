#include "management/home_realm.h"

#include <algorithm>

#include "base/text.h"
#include "login/home_realm.h"
#include "login/organisation.h"
#include "store/client_store.h"
#include "store/connection_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;
using login::Landing;

// What is asked: where a person would go who comes from this client, and types this, with this scope.
struct Question {
  ClientId client;
  std::string identifier;
  std::optional<std::string> domain;
  std::vector<std::string> scope;
};

struct Refused {
  model::Connection connection;
  std::string reason;
};

// What the database says about it.
struct Found {
  std::optional<model::Client> client;
  std::string wrong_scope;  // why the scope names no organisation that there is; empty when it is right
  model::OrganisationId organisation;
  login::HomeRealm home;
  std::vector<model::Connection> buttons, offered;
  std::vector<Refused> refused;
};

json::object show(const model::Connection& connection) {
  return {{"id", connection.id.str()},
          {"name", connection.name},
          {"label", connection.label()},
          {"strategy", to_string(connection.upstream.strategy)}};
}

json::array show_all(const std::vector<model::Connection>& connections) {
  json::array shown;
  for (const model::Connection& connection : connections) shown.push_back(show(connection));
  return shown;
}

// `elsewhere`: the request names an organisation other than the default one, whose policy decides.
std::string why_not(db::Transaction& tx, const model::Connection& connection, const model::Client& client,
                    const model::OrganisationId& elsewhere) {
  if (!connection.authentication_active) return "The connection is not enabled for authentication.";
  if (!login::is_usable(connection))
    return "The connection is incomplete: something that a sign-in needs is missing, see its status.";
  if (client.global) return "Nobody can sign in to this client.";
  const model::OrganisationId owner(connection.zitadel_owner);
  if (login::as_kept(tx, client.tenant, owner) != elsewhere && !owner.empty())
    return "Organisation " + owner.str() + " owns the connection, and the scope does not name that one.";
  if (!elsewhere.empty()) {
    const auto enabled = store::ConnectionStore(tx, client.tenant).enabled_clients(connection.id);
    if (!enabled.empty() && std::ranges::find(enabled, client.id) == enabled.end())
      return "The connection is enabled for other applications, which leaves this one out in every organisation.";
    return "The organisation's login policy, or the instance's where it has none, does not offer the connection.";
  }
  if (!client.first_party)
    return "The application is third-party, and the connection is neither at domain level nor enabled for it.";
  return connection.is_domain_connection
             ? "A first-party application needs the connection enabled, although it is at domain level."
             : "The connection is not enabled for the application.";
}

Found look_up(db::Transaction& tx, const http::Site& site, Question question) {
  Found found;
  found.client = store::ClientStore(tx, site.tenant).find(question.client);
  if (!found.client) return found;
  if (auto settled = login::settle_organisation(tx, site, question.scope); !settled) {
    found.wrong_scope = settled.error();
    return found;
  }
  found.organisation = login::organisation_of(question.scope);
  found.home = login::find_home_realm(tx, site.tenant, *found.client, found.organisation);
  found.buttons = login::connections_with_button(tx, site.tenant, *found.client, found.organisation);
  if (!question.domain) return found;
  found.offered =
      login::connections_for_domain(tx, site.tenant, *found.client, *question.domain, found.organisation);
  const auto elsewhere = login::as_kept(tx, site.tenant, found.organisation);
  for (model::Connection& connection : store::ConnectionStore(tx, site.tenant).list_with_domain(*question.domain)) {
    if (std::ranges::any_of(found.offered, [&](const auto& one) { return one.id == connection.id; })) continue;
    std::string reason = why_not(tx, connection, *found.client, elsewhere);
    found.refused.push_back({std::move(connection), std::move(reason)});
  }
  return found;
}

json::array not_offered(const Found& found) {
  json::array shown;
  for (const Refused& refused : found.refused) {
    json::object one = show(refused.connection);
    one["reason"] = refused.reason;
    shown.push_back(std::move(one));
  }
  return shown;
}

std::string_view name_of(Landing landing) {
  switch (landing) {
    case Landing::nowhere:
      return "none";
    case Landing::straight:
      return "provider";
    case Landing::identifier:
      return "identifier";
    case Landing::buttons:
      return "buttons";
  }
  throw std::logic_error("Landing outside its enumerators");
}

// Outcome, reason and the connections that it leads to.
void judge(json::object& shown, const Found& found, const Question& question) {
  const auto& domain = question.domain;
  const auto say = [&](std::string_view outcome, const std::string& reason, json::array connections) {
    shown["outcome"] = outcome;
    shown["reason"] = reason;
    shown["connections"] = std::move(connections);
  };
  if (!found.wrong_scope.empty())
    return say("none", "The application is offered nothing: " + found.wrong_scope + ".", {});
  if (found.home.none_to_offer)
    return say("none",
               "The application has several connections, and none has a button or a domain: it has to name one, or is "
               "told that there is nothing to choose (E8).",
               {});
  if (found.home.landing == Landing::nowhere)
    return say("none", "No connection signs people in to this application (E8).", {});
  if (found.home.landing == Landing::straight)
    return say("provider",
               "One connection only, which has no button or needs none: the person goes there without a page.",
               {show(*found.home.only)});
  if (question.identifier.empty())
    return say("page",
               found.home.landing == Landing::identifier
                   ? "A connection of the application has domains, so the page asks for an e-mail address."
                   : "No connection of the application has a domain, so the page shows buttons only.",
               {});
  if (found.home.landing == Landing::buttons)
    return say("page", "No connection of the application has a domain, so nobody is asked for an address.", {});
  if (!domain) return say("not_found", "What was typed is not an e-mail address.", {});
  if (found.offered.empty())
    return say("not_found", "No connection that the application may use has exactly the domain " + *domain + ".", {});
  if (found.offered.size() == 1)
    return say("provider", "Exactly one connection has the domain " + *domain + ".", show_all(found.offered));
  say("select", "Several connections have the domain " + *domain + "; the person chooses, in order of creation.",
      show_all(found.offered));
}

}  // namespace

void HomeRealmDiscovery::register_on(Api& api) {
  api.on("home_realm_explain", [this](Call call) { return explain(std::move(call)); });
}

Task<Answer> HomeRealmDiscovery::explain(Call call) {
  Question question{.client = ClientId(call.query.get("client_id")),
                    .identifier = std::string(trim(call.query.get("identifier"))),
                    .domain = {},
                    .scope = split_words(call.query.get("scope"))};
  question.domain = login::domain_of(question.identifier);
  const Found found =
      co_await services_.db.read([&](db::Transaction& tx) { return look_up(tx, *call.http.site, question); });
  if (!found.client) co_return std::unexpected(not_found("inexistent_client", "The client does not exist"));

  json::object shown{{"client_id", question.client.str()}, {"first_page", name_of(found.home.landing)}};
  if (!question.identifier.empty()) shown["identifier"] = question.identifier;
  if (question.domain) shown["domain"] = *question.domain;
  if (!found.organisation.empty()) shown["organization_id"] = found.organisation.str();
  judge(shown, found, question);
  shown["not_offered"] = not_offered(found);
  shown["buttons"] = show_all(found.buttons);
  co_return json_answer(200, shown);
}

}  // namespace symbolon::management
