#include "management/client_grants.h"

#include "base/text.h"
#include "management/audit.h"
#include "management/etag.h"
#include "management/paging.h"
#include "store/client_store.h"
#include "store/resource_server_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

const PagingRules kRules{.plural = "client_grants", .default_per_page = 50, .default_take = 50};

Problem no_such_grant() { return not_found("inexistent_client_grant", "The client grant does not exist"); }

std::optional<Problem> find_unknown_scope(const json::object& body, const model::ResourceServer& server) {
  const auto* scopes = body.if_contains("scope");
  if (!scopes || !scopes->is_array()) return std::nullopt;
  for (const json::value& scope : scopes->get_array())
    if (!contains(server.scopes, std::string(scope.get_string())))
      return invalid_body("The following scopes are not defined in the resource server: " +
                          std::string(scope.get_string()));
  return std::nullopt;
}

// A grant is one client's, or that of all third-party clients.
std::optional<Problem> check_holder(const json::object& body) {
  if (body.contains("client_id") == body.contains("default_for"))
    return invalid_body(body.contains("client_id")
                            ? "Payload validation error: 'client_id and default_for exclude each other' on property "
                              "default_for."
                            : "Payload validation error: 'Missing required property: client_id'.");
  return std::nullopt;
}

std::optional<bool> switch_of(const http::Form& query, std::string_view name) {
  if (!query.has(name)) return std::nullopt;
  return query.get(name) == "true";
}

http::Response answer(int status, const model::ClientGrant& grant) {
  http::Response response = json_answer(status, json::parse(grant.doc));
  set_etag(response, grant.version);
  return response;
}

}  // namespace

void ClientGrants::register_on(Api& api) {
  api.on("client_grants_list", [this](Call call) { return list(std::move(call)); });
  api.on("client_grants_get", [this](Call call) { return get(std::move(call)); });
  api.on("client_grants_create", [this](Call call) { return create(std::move(call)); });
  api.on("client_grants_update", [this](Call call) { return update(std::move(call)); });
  api.on("client_grants_delete", [this](Call call) { return remove(std::move(call)); });
}

Task<Answer> ClientGrants::list(Call call) {
  const Instant now = services_.clock.now();
  auto paging = read_paging(call, kRules, "client_grants", services_.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  const store::ClientGrantFilter filter{.client = ClientId(call.query.get("client_id")),
                                        .audience = call.query.get("audience"),
                                        .subject_type = call.query.get("subject_type"),
                                        .shared = call.query.has("default_for"),
                                        .allow_any_organization = switch_of(call.query, "allow_any_organization")};
  auto page = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::ClientGrantStore(tx, call.tenant).list(filter, paging->window); });
  json::array items;
  for (const model::ClientGrant& grant : page.items) items.push_back(json::parse(grant.doc));
  co_return json_answer(200, page_answer(kRules, *paging, std::move(items), page.next, page.total, call,
                                         services_.box, now));
}

Task<Answer> ClientGrants::get(Call call) {
  const auto grant = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::ClientGrantStore(tx, call.tenant).find(call.path("id")); });
  if (!grant) co_return std::unexpected(no_such_grant());
  co_return answer(200, *grant);
}

Task<Answer> ClientGrants::create(Call call) {
  const Instant now = services_.clock.now();
  const json::object& body = call.object();
  if (auto problem = check_holder(body)) co_return std::unexpected(*problem);
  json::object document{{"id", "cgr_" + random_alphanumeric(services_.random, 16)}};
  for (const auto& [name, value] : body)
    if (!value.is_null()) document[name] = value;
  if (!document.contains("scope")) document["scope"] = json::array();
  if (!document.contains("subject_type")) document["subject_type"] = "client";
  model::ClientGrant grant = store::client_grant_from_document(call.tenant, json::serialize(document));
  grant.version = 1;
  grant.created_at = now;

  auto problem = co_await services_.db.write([&](db::Transaction& tx) -> std::optional<Problem> {
    if (!grant.client.empty() && !store::ClientStore(tx, call.tenant).find(grant.client))
      return not_found("inexistent_client", "The client does not exist");
    const auto server = store::ResourceServerStore(tx, call.tenant).find_by_identifier(grant.audience);
    if (!server) return not_found("inexistent_resource_server", "The resource server does not exist");
    if (grant.client.empty() && server->is_system)
      return Problem{400, "operation_not_supported", "Grants for a system API are given to one client each."};
    if (auto unknown = find_unknown_scope(body, *server)) return unknown;
    if (store::ClientGrantStore(tx, call.tenant).insert(grant) == store::Insert::duplicate)
      return conflict("client_grant_conflict", "A resource with the same client_id and audience already exists");
    log_write(tx, call, "Create a client grant", member_names(body), now);
    return std::nullopt;
  });
  if (problem) co_return std::unexpected(*problem);
  co_return answer(201, grant);
}

Task<Answer> ClientGrants::update(Call call) {
  const Instant now = services_.clock.now();
  const json::object& body = call.object();
  auto changed = co_await services_.db.write([&](db::Transaction& tx) -> std::expected<model::ClientGrant, Problem> {
    store::ClientGrantStore grants(tx, call.tenant);
    const auto stored = grants.find(call.path("id"));
    if (!stored) return std::unexpected(no_such_grant());
    if (auto matches = check_if_match(call, stored->version); !matches) return std::unexpected(matches.error());
    const auto server = store::ResourceServerStore(tx, call.tenant).find_by_identifier(stored->audience);
    if (!server)
      return std::unexpected(not_found("inexistent_resource_server", "The resource server does not exist"));
    if (auto unknown = find_unknown_scope(body, *server)) return std::unexpected(*unknown);
    json::object document = json::parse(stored->doc).as_object();
    for (const auto& [name, value] : body) {
      if (value.is_null())
        document.erase(name);
      else
        document[name] = value;
    }
    model::ClientGrant grant = store::client_grant_from_document(call.tenant, json::serialize(document));
    grant.version = stored->version + 1;
    grant.created_at = stored->created_at;
    if (grants.update(grant, stored->version) != store::Update::done) return std::unexpected(changed_meanwhile());
    log_write(tx, call, "Update a client grant", member_names(body), now);
    return grant;
  });
  if (!changed) co_return std::unexpected(changed.error());
  co_return answer(200, *changed);
}

Task<Answer> ClientGrants::remove(Call call) {
  const Instant now = services_.clock.now();
  auto problem = co_await services_.db.write([&](db::Transaction& tx) -> std::optional<Problem> {
    store::ClientGrantStore grants(tx, call.tenant);
    const auto stored = grants.find(call.path("id"));
    if (!stored) return std::nullopt;
    if (auto matches = check_if_match(call, stored->version); !matches) return matches.error();
    grants.remove(stored->id);
    log_write(tx, call, "Delete a client grant", {stored->audience}, now);
    return std::nullopt;
  });
  if (problem) co_return std::unexpected(*problem);
  co_return http::empty_response(204);
}

}  // namespace symbolon::management
