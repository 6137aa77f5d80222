#include "login/lock_file.h"

#include <boost/json.hpp>

#include "json/text.h"
#include "login/admission.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/tenant_store.h"

namespace symbolon::login {
namespace {

namespace json = boost::json;

// More would be a file that no browser wants on each visit; such applications let people type their domain on our page.
constexpr std::int64_t kMaxConnections = 1000;
constexpr std::string_view kSuffix = ".js";

struct Found {
  std::optional<model::Client> client;
  bool discloses = true;
  std::vector<model::Connection> connections;
};

Found look_up(db::Transaction& tx, const TenantId& tenant, const ClientId& id) {
  Found found;
  found.client = store::ClientStore(tx, tenant).find(id);
  if (!found.client || found.client->global) return {};
  if (const auto settings = store::TenantStore(tx).find(tenant))
    if (const auto flag = settings->flags.find("no_disclose_enterprise_connections"); flag != settings->flags.end())
      found.discloses = !flag->second;
  store::ConnectionStore connections(tx, tenant);
  const bool third_party = !found.client->first_party;
  found.connections = found.discloses ? connections.list_for_client(id, third_party, kMaxConnections)
                                      : connections.list_buttons(id, third_party, kMaxConnections);
  if (found.client->global) found.connections.clear();
  return found;
}

// Lock puts `domain` before the list of aliases, so all of them stand in the list (LK-4).
json::object describe(const model::Connection& connection, bool discloses) {
  json::object shown{{"name", connection.name}, {"display_name", connection.label()}};
  if (!discloses) return shown;
  shown["domain"] = "";
  shown["domain_aliases"] = json::value_from(connection.domain_aliases);
  return shown;
}

// Grouped by strategy, both in order of creation: the first connection with a domain wins in Lock.
json::array strategies(const Found& found) {
  json::array groups;
  for (const model::Connection& connection : found.connections) {
    const std::string_view strategy = to_string(connection.upstream.strategy);
    json::object* group = nullptr;
    for (json::value& one : groups)
      if (std::string_view(one.at("name").get_string()) == strategy) group = &one.get_object();
    if (!group)
      group = &groups.emplace_back(json::object{{"name", strategy}, {"connections", json::array()}}).get_object();
    group->at("connections").get_array().push_back(describe(connection, found.discloses));
  }
  return groups;
}

}  // namespace

Task<http::Response> LockFile::handle(http::Request http) {
  const std::string file = http.parameters.at("file");
  Found found;
  if (file.ends_with(kSuffix)) {
    const ClientId id(file.substr(0, file.size() - kSuffix.size()));
    found = co_await db_.read([&](db::Transaction& tx) { return look_up(tx, http.site->tenant, id); });
  }
  if (!found.client)
    co_return http::json_response(404, R"({"error":"not_found","error_description":"there is no such application"})");

  const model::Client& client = *found.client;
  const json::object settings{{"id", client.id.str()},
                              {"tenant", http.site->tenant.str()},
                              {"subscription", "enterprise"},
                              {"authorize", http.site->url("/authorize")},
                              {"callback", client.callbacks.empty() ? "" : client.callbacks.front()},
                              {"hasAllowedOrigins", !client.allowed_origins.empty() || !client.web_origins.empty()},
                              {"strategies", strategies(found)}};
  http::Response response;
  response.body = "Auth0.setClient(" + symbolon::json::serialize_for_script(settings) + ");";
  response.headers.set("Content-Type", "application/javascript; charset=utf-8");
  response.headers.set("Cache-Control", "public, max-age=60");
  response.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  response.headers.set("X-Content-Type-Options", "nosniff");
  co_return response;
}

Task<http::Response> no_captcha(http::Request) {
  http::Response response = http::json_response(200, R"({"required":false})");
  http::forbid_caching(response);
  co_return response;
}

}  // namespace symbolon::login
