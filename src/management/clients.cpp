#include "management/clients.h"

#include "base/text.h"
#include "management/audit.h"
#include "management/client_credential.h"
#include "management/client_document.h"
#include "management/etag.h"
#include "management/logout_listener.h"
#include "management/new_client.h"
#include "management/paging.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/tenant_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

const PagingRules kRules{.plural = "clients", .default_per_page = 50, .default_take = 50};

Problem no_such_client() { return not_found("inexistent_client", "The client does not exist"); }

std::optional<bool> switch_of(const http::Form& query, std::string_view name) {
  const std::string value = query.get(name);
  if (value.empty()) return std::nullopt;
  return value == "true";
}

std::string shown_secret(const model::Client& client, const Caller& caller, const crypto::SecretBox& box) {
  return caller.has("read:client_keys") ? open_secret(client, box) : std::string();
}

bool names_request_keys(const json::object& body) {
  const auto* requests = body.if_contains("signed_request_object");
  return requests && requests->is_object() && requests->get_object().contains("credentials");
}

bool brings_credentials(const json::object& body) {
  return body.contains("client_authentication_methods") || names_request_keys(body);
}

// What a body asks for beyond update:clients (management-api §3.1).
std::optional<Problem> check_scopes(const Call& call) {
  const json::object& body = call.object();
  if (body.contains("client_secret") && !call.caller.has("update:client_keys"))
    return insufficient_scope("update:client_keys");
  const auto* methods = body.if_contains("client_authentication_methods");
  const bool names_keys = (methods && !methods->is_null()) || names_request_keys(body);
  if (names_keys && !call.caller.has("update:client_credentials"))
    return insufficient_scope("update:client_credentials");
  // Whoever sets a client's credentials also says that they are the way in.
  const bool with_credentials = call.caller.has("update:client_credentials");
  const bool other = std::ranges::any_of(body, [&](const auto& member) {
    if (member.key() == "client_secret") return false;
    const bool of_credentials =
        member.key() == "client_authentication_methods" || member.key() == "token_endpoint_auth_method";
    return !(with_credentials && of_credentials);
  });
  if (other && !call.caller.has("update:clients")) return insufficient_scope("update:clients");
  return std::nullopt;
}

// Tools keep the sign-in page of older tenants at the client that stands for all of them; it is stored, as elsewhere.
bool is_login_page(const json::object& body) {
  static constexpr std::string_view kMembers[] = {"custom_login_page", "custom_login_page_on", "custom_login_page_preview"};
  return std::ranges::all_of(body, [](const auto& member) {
    return std::ranges::find(kMembers, std::string_view(member.key())) != std::end(kMembers);
  });
}

bool http_callbacks_allowed(db::Transaction& tx, const TenantId& tenant) {
  const auto stored = store::TenantStore(tx).find(tenant);
  return stored && stored->allow_http_callbacks;
}

// A tenant may want its connections to be open to every new application; ours are not, unless it says so (D30).
void enable_all_connections(db::Transaction& tx, const model::Client& client) {
  const auto flags = store::TenantStore(tx).find(client.tenant).value_or(model::Tenant{}).flags;
  const auto flag = flags.find("enable_client_connections");
  if (flag == flags.end() || !flag->second) return;
  store::ConnectionStore connections(tx, client.tenant);
  store::Window window{.after = 0, .offset = 0, .limit = 500};
  for (bool more = true; more;) {
    const auto page = connections.list({}, window);
    for (const model::Connection& connection : page.items) connections.enable(connection.id, client.id);
    more = page.next.has_value();
    window.after = page.next.value_or(0);
  }
}

bool shows_secret(const json::object& shown) { return shown.contains("client_secret"); }

http::Response client_answer(int status, const model::Client& client, json::object shown) {
  http::Response response = json_answer(status, shown);
  set_etag(response, client.version);
  return response;
}

}  // namespace

void Clients::register_on(Api& api) {
  api.on("clients_list", [this](Call call) { return list(std::move(call)); });
  api.on("clients_get", [this](Call call) { return get(std::move(call)); });
  api.on("clients_create", [this](Call call) { return create(std::move(call)); });
  api.on("clients_update", [this](Call call) { return update(std::move(call)); });
  api.on("clients_delete", [this](Call call) { return remove(std::move(call)); });
  api.on("clients_rotate_secret", [this](Call call) { return rotate_secret(std::move(call)); });
}

Task<Answer> Clients::list(Call call) {
  const Instant now = services_.clock.now();
  auto paging = read_paging(call, kRules, "clients", services_.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  if (!call.query.get("external_client_id").empty())
    co_return json_answer(200, page_answer(kRules, *paging, {}, std::nullopt, 0, call, services_.box, now));
  const store::ClientFilter filter{.is_global = switch_of(call.query, "is_global"),
                                   .is_first_party = switch_of(call.query, "is_first_party"),
                                   .app_types = split_words(call.query.get("app_type"), ", ")};
  const FieldFilter fields(call, "client_id");
  json::array items;
  const auto page = co_await read_unit(services_.db, call.caller.has("read:client_keys"), [&](db::Transaction& tx) {
    items.clear();
    auto found = store::ClientStore(tx, call.tenant).list(filter, paging->window);
    for (const model::Client& client : found.items)
      items.push_back(fields.apply(
          visible_client(client, shown_secret(client, call.caller, services_.box), call.caller, false)));
    if (std::ranges::any_of(items, [](const json::value& item) { return shows_secret(item.get_object()); }))
      log_secret_read(tx, call, "Read client secrets", now);
    return found;
  });
  co_return json_answer(200, page_answer(kRules, *paging, std::move(items), page.next, page.total, call,
                                         services_.box, now));
}

Task<Answer> Clients::get(Call call) {
  const Instant now = services_.clock.now();
  const ClientId id(call.path("id"));
  co_return co_await read_unit(
      services_.db, call.caller.has("read:client_keys"), [&](db::Transaction& tx) -> Answer {
        const auto client = store::ClientStore(tx, call.tenant).find(id);
        if (!client) return std::unexpected(no_such_client());
        const std::string secret = shown_secret(*client, call.caller, services_.box);
        json::object shown = FieldFilter(call, "client_id").apply(visible_client(*client, secret, call.caller, false));
        if (shows_secret(shown)) log_secret_read(tx, call, "Read a client secret", now);
        return client_answer(200, *client, std::move(shown));
      });
}

Task<Answer> Clients::create(Call call) {
  const Instant now = services_.clock.now();
  if (brings_credentials(call.object()) && !call.caller.has("create:client_credentials"))
    co_return std::unexpected(insufficient_scope("create:client_credentials"));
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    const auto made = make_client(call.tenant, call.object(), services_.box, services_.random, now,
                                  http_callbacks_allowed(tx, call.tenant));
    if (!made) return std::unexpected(made.error());
    if (auto problem = check_logout_listeners(tx, services_.egress, made->client)) return std::unexpected(*problem);
    store::ClientStore clients(tx, call.tenant);
    clients.insert(made->client);
    for (const store::ClientCredential& credential : made->credentials) clients.insert_credential(credential);
    enable_all_connections(tx, made->client);
    store::ConnectionStore(tx, call.tenant).mark_all_changed(made->client.id, now);
    log_write(tx, call, "Create a client", member_names(call.object()), now);
    return client_answer(201, made->client, visible_client(made->client, made->secret, call.caller, true));
  });
}

// The record after a PATCH; the secret and what is not in the document stay.
std::expected<model::Client, Problem> Clients::changed(db::Transaction& tx, const Call& call,
                                                       const model::Client& stored, Instant now) {
  auto document = changed_client_document(json::parse(stored.doc).as_object(), call.object(),
                                          http_callbacks_allowed(tx, call.tenant));
  if (!document) return std::unexpected(document.error());
  if (call.object().contains("client_authentication_methods") || call.object().contains("signed_request_object"))
    if (auto problem = check_references(tx, call.tenant, stored.id, *document)) return std::unexpected(*problem);
  model::Client client = store::client_from_document(call.tenant, json::serialize(*document));
  // Only what is changed is judged, so that a rule that became stricter does not stand in the way of other changes.
  if (client.backchannel_logout_urls != stored.backchannel_logout_urls ||
      client.backchannel_logout_initiators != stored.backchannel_logout_initiators)
    if (auto problem = check_logout_listeners(tx, services_.egress, client)) return std::unexpected(*problem);
  client.secret_hash = stored.secret_hash;
  client.secret = stored.secret;
  if (const auto* secret = call.object().if_contains("client_secret"))
    set_secret(client, std::string(secret->get_string()), services_.box);
  client.version = stored.version + 1;
  client.created_at = stored.created_at;
  client.updated_at = now;
  return client;
}

Task<Answer> Clients::update(Call call) {
  const Instant now = services_.clock.now();
  if (auto problem = check_scopes(call)) co_return std::unexpected(*problem);
  const ClientId id(call.path("id"));
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    store::ClientStore clients(tx, call.tenant);
    const auto stored = clients.find(id);
    if (!stored) return std::unexpected(no_such_client());
    if (stored->global && !is_login_page(call.object()))
      return std::unexpected(Problem{400, "operation_not_supported", "The global client cannot be changed."});
    if (auto matches = check_if_match(call, stored->version); !matches) return std::unexpected(matches.error());
    const auto client = changed(tx, call, *stored, now);
    if (!client) return std::unexpected(client.error());
    if (clients.update(*client, stored->version) != store::Update::done) return std::unexpected(changed_meanwhile());
    forget_logout_listeners(tx, *stored, *client);
    log_write(tx, call, "Update a client", member_names(call.object()), now);
    const std::string secret = shown_secret(*client, call.caller, services_.box);
    json::object shown = visible_client(*client, secret, call.caller, false);
    if (shows_secret(shown)) log_secret_read(tx, call, "Read a client secret", now);
    return client_answer(200, *client, std::move(shown));
  });
}

Task<Answer> Clients::remove(Call call) {
  const Instant now = services_.clock.now();
  const ClientId id(call.path("id"));
  // A tool that deletes what it authenticates with locks itself out.
  if (id == call.caller.client)
    co_return std::unexpected(Problem{400, "operation_not_supported", "cannot delete the client in use"});
  auto problem = co_await services_.db.write([&](db::Transaction& tx) -> std::optional<Problem> {
    store::ClientStore clients(tx, call.tenant);
    const auto stored = clients.find(id);
    if (!stored) return std::nullopt;
    if (stored->global) return Problem{400, "operation_not_supported", "The global client cannot be deleted."};
    if (auto matches = check_if_match(call, stored->version); !matches) return matches.error();
    store::ConnectionStore(tx, call.tenant).mark_all_changed(id, now);
    clients.remove(id);
    log_write(tx, call, "Delete a client", {}, now);
    return std::nullopt;
  });
  if (problem) co_return std::unexpected(*problem);
  co_return http::empty_response(204);
}

Task<Answer> Clients::rotate_secret(Call call) {
  const Instant now = services_.clock.now();
  const ClientId id(call.path("id"));
  const std::string secret = make_client_secret(services_.random);
  auto updated = co_await services_.db.write([&](db::Transaction& tx) -> std::expected<model::Client, Problem> {
    store::ClientStore clients(tx, call.tenant);
    auto client = clients.find(id);
    if (!client) return std::unexpected(no_such_client());
    if (client->auth == model::ClientAuthMethod::private_key_jwt || client->is_public() || client->global)
      return std::unexpected(
          Problem{400, "operation_not_supported", "This client does not authenticate with a secret."});
    const std::int64_t based_on = client->version++;
    set_secret(*client, secret, services_.box);
    client->updated_at = now;
    if (clients.update(*client, based_on) != store::Update::done) return std::unexpected(changed_meanwhile());
    log_write(tx, call, "Rotate a client secret", {"client_secret"}, now);
    return std::move(*client);
  });
  if (!updated) co_return std::unexpected(updated.error());
  co_return client_answer(200, *updated, visible_client(*updated, secret, call.caller, true));
}

}  // namespace symbolon::management
