#include "management/home_realm.h"

#include <algorithm>

#include "base/text.h"
#include "login/home_realm.h"
#include "store/client_store.h"
#include "store/connection_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;
using login::Landing;

// What the database says about one question.
struct Found {
  std::optional<model::Client> client;
  login::HomeRealm home;
  std::vector<model::Connection> buttons, offered, with_domain;
};

Found look_up(db::Transaction& tx, const TenantId& tenant, const ClientId& id,
              const std::optional<std::string>& domain) {
  Found found;
  found.client = store::ClientStore(tx, tenant).find(id);
  if (!found.client) return found;
  found.home = login::find_home_realm(tx, tenant, *found.client);
  found.buttons = login::connections_with_button(tx, tenant, *found.client);
  if (!domain) return found;
  found.offered = login::connections_for_domain(tx, tenant, *found.client, *domain);
  found.with_domain = store::ConnectionStore(tx, tenant).list_with_domain(*domain);
  return found;
}

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

std::string why_not(const model::Connection& connection, const model::Client& client) {
  if (!connection.authentication_active) return "The connection is not enabled for authentication.";
  if (!login::is_usable(connection))
    return "The connection is incomplete: something that a sign-in needs is missing, see its status.";
  if (client.global) return "Nobody can sign in to this client.";
  if (!client.first_party)
    return "The application is third-party, and the connection is neither at domain level nor enabled for it.";
  return connection.is_domain_connection
             ? "A first-party application needs the connection enabled, although it is at domain level."
             : "The connection is not enabled for the application.";
}

json::array not_offered(const Found& found) {
  json::array shown;
  for (const model::Connection& connection : found.with_domain) {
    if (std::ranges::any_of(found.offered, [&](const auto& one) { return one.id == connection.id; })) continue;
    json::object one = show(connection);
    one["reason"] = why_not(connection, *found.client);
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
void judge(json::object& shown, const Found& found, const std::string& identifier,
           const std::optional<std::string>& domain) {
  const auto say = [&](std::string_view outcome, const std::string& reason, json::array connections) {
    shown["outcome"] = outcome;
    shown["reason"] = reason;
    shown["connections"] = std::move(connections);
  };
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
  if (identifier.empty())
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
  const ClientId client(call.query.get("client_id"));
  const std::string identifier(trim(call.query.get("identifier")));
  const auto domain = login::domain_of(identifier);
  const Found found =
      co_await services_.db.read([&](db::Transaction& tx) { return look_up(tx, call.tenant, client, domain); });
  if (!found.client) co_return std::unexpected(not_found("inexistent_client", "The client does not exist"));

  json::object shown{{"client_id", client.str()}, {"first_page", name_of(found.home.landing)}};
  if (!identifier.empty()) shown["identifier"] = identifier;
  if (domain) shown["domain"] = *domain;
  judge(shown, found, identifier, domain);
  shown["not_offered"] = not_offered(found);
  shown["buttons"] = show_all(found.buttons);
  co_return json_answer(200, shown);
}

}  // namespace symbolon::management
