#include "app/configuration_export.h"

#include <array>
#include <boost/json.hpp>
#include <map>
#include <stdexcept>

#include "store/connection_store.h"

namespace symbolon::app {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 6> kClientOnly{
    "client_secret", "tenant", "global", "signing_keys", "client_authentication_methods", "oidc_backchannel_logout"};
constexpr std::array<std::string_view, 5> kFromMetadata{"issuer", "authorization_endpoint", "token_endpoint",
                                                        "userinfo_endpoint", "jwks_uri"};

std::string text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

// Client names by id, where a name stands for one client only.
std::map<std::string, std::string> names_of(const json::array& clients) {
  std::map<std::string, int> count;
  for (const json::value& client : clients) ++count[text(client.get_object(), "name")];
  std::map<std::string, std::string> names;
  for (const json::value& client : clients) {
    const std::string name = text(client.get_object(), "name");
    if (count[name] == 1) names[text(client.get_object(), "client_id")] = name;
  }
  return names;
}

json::array export_clients(const json::array& clients) {
  json::array exported;
  for (const json::value& client : clients) {
    json::object shown = client.get_object();
    if (const auto* global = shown.if_contains("global"); global && *global == json::value(true)) continue;
    for (const std::string_view member : kClientOnly) shown.erase(member);
    json::object ordered{{"name", text(shown, "name")}};
    for (const auto& member : shown)
      if (member.key() != "name") ordered[member.key()] = member.value();
    exported.push_back(std::move(ordered));
  }
  return exported;
}

// A document that the server looked up will be looked up again; one that was given by hand is part of the settings.
void trim_options(json::object& options, bool pinned) {
  options.erase("client_secret");
  options.erase("customHeaders");
  options.erase("schema_version");
  const bool looked_up = !text(options, "discovery_url").empty() || !text(options, "domain").empty();
  if (pinned || !looked_up) {
    if (!pinned) options.erase("oidc_metadata");
    return;
  }
  if (const auto* metadata = options.if_contains("oidc_metadata"); metadata && metadata->is_object())
    for (const std::string_view name : kFromMetadata) {
      const auto* found = metadata->get_object().if_contains(name);
      const auto* own = options.if_contains(name);
      if (found && own && *found == *own) options.erase(name);
    }
  options.erase("oidc_metadata");
}

json::object export_connection(json::object shown, bool pinned, const std::map<std::string, std::string>& names) {
  json::object exported{{"name", text(shown, "name")}, {"strategy", text(shown, "strategy")}};
  for (auto& member : shown) {
    if (member.key() == "id" || exported.contains(member.key())) continue;
    exported[member.key()] = std::move(member.value());
  }
  if (auto* options = exported.if_contains("options"); options && options->is_object())
    trim_options(options->get_object(), pinned);
  if (auto* enabled = exported.if_contains("enabled_clients"); enabled && enabled->is_array())
    for (json::value& client : enabled->get_array()) {
      const auto name = names.find(std::string(client.get_string()));
      if (name != names.end()) client = name->second;
    }
  if (const auto* realms = exported.if_contains("realms"); realms && *realms == json::value(json::array{exported.at("name")}))
    exported.erase("realms");
  return exported;
}

}  // namespace

Task<json::object> export_configuration(LocalApi& api, db::Database& db, TenantId tenant) {
  LocalCall read_settings;
  read_settings.operation = "tenant_settings_get";
  LocalReply settings = co_await api.call(std::move(read_settings));
  if (!settings.is_good()) throw std::runtime_error("settings: " + settings.message());

  const json::array clients = co_await api.list("clients_list", "clients");
  const auto names = names_of(clients);
  json::array connections;
  json::array stored_connections = co_await api.list("connections_list", "connections");
  for (json::value& connection : stored_connections) {
    const ConnectionId id(text(connection.get_object(), "id"));
    const bool pinned = co_await db.read([&](db::Transaction& tx) {
      const auto stored = store::ConnectionStore(tx, tenant).find(id);
      return stored && stored->metadata_pinned;
    });
    connections.push_back(export_connection(std::move(connection.get_object()), pinned, names));
  }
  json::object exported;
  exported["settings"] = std::move(settings.body);
  exported["clients"] = export_clients(clients);
  exported["connections"] = std::move(connections);
  co_return exported;
}

}  // namespace symbolon::app
