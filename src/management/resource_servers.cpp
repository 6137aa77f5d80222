#include "management/resource_servers.h"

#include "http/form.h"
#include "management/audit.h"
#include "management/etag.h"
#include "management/paging.h"
#include "store/resource_server_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

const PagingRules kRules{.plural = "resource_servers", .default_per_page = 50, .default_take = 50};

Problem no_such_api() { return not_found("inexistent_resource_server", "The resource server does not exist"); }

json::object defaults() {
  return {{"allow_offline_access", false},
          {"skip_consent_for_verifiable_first_party_clients", false},
          {"token_lifetime", 86400},
          {"token_lifetime_for_web", 7200},
          {"signing_alg", "RS256"},
          {"subject_type_authorization",
           {{"user", {{"policy", "allow_all"}}}, {"client", {{"policy", "require_client_grant"}}}}}};
}

std::int64_t lifetime(const json::object& document, std::string_view member) {
  return document.at(member).to_number<std::int64_t>();
}

void apply(json::object& document, const json::object& body) {
  for (const auto& [name, value] : body) {
    if (name == "signing_secret") continue;
    if (value.is_null())
      document.erase(name);
    else
      document[name] = value;
  }
}

// Whoever shortens all tokens means those for browsers too.
void fit_web_lifetime(json::object& document, const json::object& body) {
  if (body.contains("token_lifetime_for_web")) return;
  if (lifetime(document, "token_lifetime_for_web") > lifetime(document, "token_lifetime"))
    document["token_lifetime_for_web"] = json::value(document.at("token_lifetime"));
}

std::optional<Problem> check_whole(const json::object& document) {
  if (lifetime(document, "token_lifetime_for_web") > lifetime(document, "token_lifetime"))
    return invalid_body("Payload validation error: 'token_lifetime_for_web is longer than token_lifetime' on property "
                        "token_lifetime_for_web.");
  return std::nullopt;
}

std::string secret_place(const model::ResourceServer& server) { return server.tenant.str() + "|" + server.id; }

// An API whose tokens are signed with a secret has one, sent or made here.
void set_signing_secret(model::ResourceServer& server, const json::object& body, const Services& services) {
  const auto* sent = body.if_contains("signing_secret");
  std::string secret = sent && sent->is_string() ? std::string(sent->get_string()) : std::string();
  if (secret.empty() && server.signing_algorithm == "HS256" && server.signing_secret.empty())
    secret = random_token(services.random, 32);
  if (!secret.empty())
    server.signing_secret.bytes = services.box.seal("resource-server-secret", secret_place(server), secret);
}

json::object show(const model::ResourceServer& server, const crypto::SecretBox& box) {
  json::object shown = json::parse(server.doc).as_object();
  if (!server.signing_secret.empty() && server.signing_algorithm == "HS256")
    if (const auto secret = box.open("resource-server-secret", secret_place(server), server.signing_secret.bytes))
      shown["signing_secret"] = *secret;
  return shown;
}

bool shows_secret(const json::object& shown) { return shown.contains("signing_secret"); }

// Terraform's data source escapes an identifier twice. It is decoded again only when nothing has the name as it came.
std::optional<model::ResourceServer> find_named(db::Transaction& tx, const TenantId& tenant, const std::string& name) {
  store::ResourceServerStore servers(tx, tenant);
  auto server = servers.find(name);
  if (server || !name.contains('%')) return server;
  const auto decoded = http::percent_decode(name);
  return decoded ? servers.find(*decoded) : std::nullopt;
}

http::Response answer(int status, const model::ResourceServer& server, json::object shown) {
  http::Response response = json_answer(status, shown);
  set_etag(response, server.version);
  return response;
}

}  // namespace

void ResourceServers::register_on(Api& api) {
  api.on("resource_servers_list", [this](Call call) { return list(std::move(call)); });
  api.on("resource_servers_get", [this](Call call) { return get(std::move(call)); });
  api.on("resource_servers_create", [this](Call call) { return create(std::move(call)); });
  api.on("resource_servers_update", [this](Call call) { return update(std::move(call)); });
  api.on("resource_servers_delete", [this](Call call) { return remove(std::move(call)); });
}

Task<Answer> ResourceServers::list(Call call) {
  const Instant now = services_.clock.now();
  auto paging = read_paging(call, kRules, "resource_servers", services_.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  const FieldFilter fields(call, "id");
  json::array items;
  const auto page = co_await services_.db.write([&](db::Transaction& tx) {
    // Every API may have a secret, and showing one is recorded.
    items.clear();
    auto found = store::ResourceServerStore(tx, call.tenant).list(call.query.get_all("identifiers"), paging->window);
    for (const model::ResourceServer& server : found.items) items.push_back(fields.apply(show(server, services_.box)));
    if (std::ranges::any_of(items, [](const json::value& item) { return shows_secret(item.get_object()); }))
      log_secret_read(tx, call, "Read signing secrets", now);
    return found;
  });
  co_return json_answer(200, page_answer(kRules, *paging, std::move(items), page.next, page.total, call,
                                         services_.box, now));
}

Task<Answer> ResourceServers::get(Call call) {
  const Instant now = services_.clock.now();
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    const auto server = find_named(tx, call.tenant, call.path("id"));
    if (!server) return std::unexpected(no_such_api());
    json::object shown = FieldFilter(call, "id").apply(show(*server, services_.box));
    if (shows_secret(shown)) log_secret_read(tx, call, "Read a signing secret", now);
    return answer(200, *server, std::move(shown));
  });
}

Task<Answer> ResourceServers::create(Call call) {
  const Instant now = services_.clock.now();
  json::object document = defaults();
  apply(document, call.object());
  document["id"] = random_hex(services_.random, 12);
  document["is_system"] = false;
  if (!document.contains("name")) document["name"] = json::value(document.at("identifier"));
  fit_web_lifetime(document, call.object());
  if (auto problem = check_whole(document)) co_return std::unexpected(*problem);

  model::ResourceServer server = store::resource_server_from_document(call.tenant, json::serialize(document));
  set_signing_secret(server, call.object(), services_);
  server.version = 1;
  server.created_at = now;
  const auto outcome = co_await services_.db.write([&](db::Transaction& tx) {
    const auto inserted = store::ResourceServerStore(tx, call.tenant).insert(server);
    if (inserted == store::Insert::done) log_write(tx, call, "Create a resource server", member_names(call.object()), now);
    return inserted;
  });
  if (outcome == store::Insert::duplicate)
    co_return std::unexpected(
        conflict("resource_server_conflict", "A resource server with the same identifier already exists"));
  co_return answer(201, server, show(server, services_.box));
}

Task<Answer> ResourceServers::update(Call call) {
  const Instant now = services_.clock.now();
  auto changed = co_await services_.db.write([&](db::Transaction& tx) -> std::expected<model::ResourceServer, Problem> {
    store::ResourceServerStore servers(tx, call.tenant);
    const auto stored = servers.find(call.path("id"));
    if (!stored) return std::unexpected(no_such_api());
    if (stored->is_system)
      return std::unexpected(Problem{400, "operation_not_supported", "System resource servers cannot be patched."});
    if (auto matches = check_if_match(call, stored->version); !matches) return std::unexpected(matches.error());
    json::object document = json::parse(stored->doc).as_object();
    apply(document, call.object());
    fit_web_lifetime(document, call.object());
    if (auto problem = check_whole(document)) return std::unexpected(*problem);
    model::ResourceServer server = store::resource_server_from_document(call.tenant, json::serialize(document));
    server.signing_secret = stored->signing_secret;
    set_signing_secret(server, call.object(), services_);
    server.version = stored->version + 1;
    server.created_at = stored->created_at;
    if (servers.update(server, stored->version) != store::Update::done) return std::unexpected(changed_meanwhile());
    log_write(tx, call, "Update a resource server", member_names(call.object()), now);
    return server;
  });
  if (!changed) co_return std::unexpected(changed.error());
  co_return answer(200, *changed, show(*changed, services_.box));
}

Task<Answer> ResourceServers::remove(Call call) {
  const Instant now = services_.clock.now();
  auto problem = co_await services_.db.write([&](db::Transaction& tx) -> std::optional<Problem> {
    store::ResourceServerStore servers(tx, call.tenant);
    const auto stored = servers.find(call.path("id"));
    if (!stored) return std::nullopt;
    if (stored->is_system)
      return Problem{400, "operation_not_supported", "System resource servers cannot be deleted."};
    if (auto matches = check_if_match(call, stored->version); !matches) return matches.error();
    servers.remove(stored->id);
    log_write(tx, call, "Delete a resource server", {stored->identifier}, now);
    return std::nullopt;
  });
  if (problem) co_return std::unexpected(*problem);
  co_return http::empty_response(204);
}

}  // namespace symbolon::management
