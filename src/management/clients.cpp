#include "management/clients.h"

#include "base/text.h"
#include "management/audit.h"
#include "management/client_document.h"
#include "management/etag.h"
#include "management/new_client.h"
#include "management/paging.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "tickets/opaque.h"

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

// What a body asks for beyond update:clients (management-api §3.1).
std::optional<Problem> check_scopes(const Call& call) {
  const json::object& body = call.object();
  if (body.contains("client_secret") && !call.caller.has("update:client_keys"))
    return insufficient_scope("update:client_keys");
  const bool other = std::ranges::any_of(body, [](const auto& member) {
    return member.key() != "client_secret" && member.key() != "client_authentication_methods" &&
           member.key() != "token_endpoint_auth_method";
  });
  if (other && !call.caller.has("update:clients")) return insufficient_scope("update:clients");
  return std::nullopt;
}

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
  const store::ClientFilter filter{.is_global = switch_of(call.query, "is_global"),
                                   .is_first_party = switch_of(call.query, "is_first_party"),
                                   .app_types = split_words(call.query.get("app_type"), ", ")};
  auto page = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::ClientStore(tx, call.tenant).list(filter, paging->window); });

  const FieldFilter fields(call, "client_id");
  json::array items;
  for (const model::Client& client : page.items)
    items.push_back(fields.apply(
        visible_client(client, shown_secret(client, call.caller, services_.box), call.caller, false)));
  co_return json_answer(200, page_answer(kRules, *paging, std::move(items), page.next, page.total, call,
                                         services_.box, now));
}

Task<Answer> Clients::get(Call call) {
  const ClientId id(call.path("id"));
  const auto client = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::ClientStore(tx, call.tenant).find(id); });
  if (!client) co_return std::unexpected(no_such_client());
  const std::string secret = shown_secret(*client, call.caller, services_.box);
  json::object shown = FieldFilter(call, "client_id").apply(visible_client(*client, secret, call.caller, false));
  co_return client_answer(200, *client, std::move(shown));
}

Task<Answer> Clients::create(Call call) {
  const Instant now = services_.clock.now();
  if (call.object().contains("client_authentication_methods") && !call.caller.has("create:client_credentials"))
    co_return std::unexpected(insufficient_scope("create:client_credentials"));
  auto made = make_client(call.tenant, call.object(), services_.box, services_.random, now);
  if (!made) co_return std::unexpected(made.error());
  co_await services_.db.write([&](db::Transaction& tx) {
    store::ClientStore(tx, call.tenant).insert(made->client);
    log_write(tx, call, "Create a client", member_names(call.object()), now);
  });
  co_return client_answer(201, made->client, visible_client(made->client, made->secret, call.caller, true));
}

Task<Answer> Clients::update(Call call) {
  const Instant now = services_.clock.now();
  if (auto problem = check_scopes(call)) co_return std::unexpected(*problem);
  const ClientId id(call.path("id"));
  auto updated = co_await services_.db.write([&](db::Transaction& tx) -> std::expected<model::Client, Problem> {
    store::ClientStore clients(tx, call.tenant);
    auto stored = clients.find(id);
    if (!stored) return std::unexpected(no_such_client());
    if (stored->global)
      return std::unexpected(Problem{400, "operation_not_supported", "The global client cannot be changed."});
    if (auto matches = check_if_match(call, stored->version); !matches) return std::unexpected(matches.error());
    auto document = changed_client_document(json::parse(stored->doc).as_object(), call.object());
    if (!document) return std::unexpected(document.error());

    model::Client changed = store::client_from_document(call.tenant, json::serialize(*document));
    changed.secret_hash = stored->secret_hash;
    changed.secret = stored->secret;
    if (const auto* secret = call.object().if_contains("client_secret"))
      set_secret(changed, std::string(secret->get_string()), services_.box);
    changed.version = stored->version + 1;
    changed.created_at = stored->created_at;
    changed.updated_at = now;
    if (clients.update(changed, stored->version) != store::Update::done) return std::unexpected(changed_meanwhile());
    log_write(tx, call, "Update a client", member_names(call.object()), now);
    return changed;
  });
  if (!updated) co_return std::unexpected(updated.error());
  const std::string secret = shown_secret(*updated, call.caller, services_.box);
  co_return client_answer(200, *updated, visible_client(*updated, secret, call.caller, false));
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
    if (client->auth == model::ClientAuthMethod::private_key_jwt || client->global)
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
