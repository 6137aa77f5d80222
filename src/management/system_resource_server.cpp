#include "management/system_resource_server.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "management/scopes.h"
#include "store/resource_server_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

std::string system_document(const std::string& id, const std::string& identifier) {
  json::array scopes;
  for (const std::string& scope : scope_catalogue()) {
    const auto colon = scope.find(':');
    std::string description = scope.substr(0, colon) + " " + scope.substr(colon + 1);
    for (char& letter : description)
      if (letter == '_') letter = ' ';
    description[0] = static_cast<char>(description[0] - 'a' + 'A');
    scopes.push_back(json::object{{"value", scope}, {"description", description}});
  }
  return json::serialize(json::object{{"id", id},
                                      {"name", "Auth0 Management API"},
                                      {"identifier", identifier},
                                      {"is_system", true},
                                      {"allow_offline_access", false},
                                      {"skip_consent_for_verifiable_first_party_clients", false},
                                      {"token_lifetime", 86400},
                                      {"token_lifetime_for_web", 7200},
                                      {"signing_alg", "RS256"},
                                      {"scopes", std::move(scopes)}});
}

void move_grants(db::Transaction& tx, const TenantId& tenant, const std::string& from, const std::string& to) {
  store::ClientGrantStore grants(tx, tenant);
  store::Window window{.after = 0, .offset = 0, .limit = 100};
  for (;;) {
    const auto page = grants.list({.client = {}, .audience = from, .subject_type = {}}, window);
    for (const model::ClientGrant& grant : page.items) {
      json::value doc = json::parse(grant.doc);
      doc.as_object()["audience"] = to;
      model::ClientGrant moved = store::client_grant_from_document(tenant, json::serialize(doc));
      moved.version = grant.version + 1;
      moved.created_at = grant.created_at;
      if (grants.update(moved, grant.version) != store::Update::done)
        throw std::logic_error("a client grant changed inside the unit that moves it");
    }
    if (page.items.empty()) return;
  }
}

}  // namespace

std::string system_identifier(const std::string& base_url) { return base_url + "/api/v2/"; }

void ensure_system_resource_server(db::Transaction& tx, const TenantId& tenant, const std::string& base_url,
                                   Random& random, Instant now) {
  const std::string identifier = system_identifier(base_url);
  store::ResourceServerStore servers(tx, tenant);
  std::optional<model::ResourceServer> known;
  store::Window window{.after = 0, .offset = 0, .limit = 100};
  for (auto page = servers.list({}, window); !known && !page.items.empty();) {
    for (model::ResourceServer& server : page.items)
      if (server.is_system && server.identifier.ends_with("/api/v2/")) known = std::move(server);
    if (known || !page.next) break;
    window.after = *page.next;
    page = servers.list({}, window);
  }

  const std::string id = known ? known->id : random_hex(random, 12);
  const std::string doc = system_document(id, identifier);
  if (known && known->doc == doc) return;
  model::ResourceServer server = store::resource_server_from_document(tenant, doc);
  server.created_at = known ? known->created_at : now;
  if (!known) {
    server.version = 1;
    servers.insert(server);
    return;
  }
  server.version = known->version + 1;
  servers.update(server, known->version);
  if (known->identifier != identifier) move_grants(tx, tenant, known->identifier, identifier);
}

}  // namespace symbolon::management
