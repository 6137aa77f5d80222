#include "management/connections.h"

#include "base/text.h"
#include "login/connection_end.h"
#include "management/audit.h"
#include "management/clear_headers.h"
#include "management/connection_document.h"
#include "management/connection_key.h"
#include "management/connection_page.h"
#include "management/connection_record.h"
#include "management/etag.h"
#include "management/paging.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/tenant_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

constexpr int kMaxAttempts = 5;  // of a change that others keep overtaking
const PagingRules kRules{.plural = "connections", .default_per_page = 100, .default_take = 50, .offset_cap = 1000};

Problem no_such_connection() { return not_found("inexistent_connection", "The connection does not exist"); }

Problem name_taken() { return conflict("connection_conflict", "A connection with the same name already exists"); }

std::expected<model::Strategy, Problem> read_strategy(const json::object& body) {
  const std::string name(body.at("strategy").get_string());
  model::Strategy strategy{};
  if (from_text(name, strategy)) return strategy;
  return std::unexpected(
      Problem{400, "operation_not_supported", "Strategy " + name + " is not supported by this server"});
}

json::object options_of(const json::object& body) {
  const auto* options = body.if_contains("options");
  return options && options->is_object() ? options->get_object() : json::object();
}

// A bound token could not be used by whoever gets it out of the vault (management-api §2.5).
std::optional<Problem> check_purposes(const model::Connection& connection) {
  if (!connection.connected_accounts_active) return std::nullopt;
  const json::value options = json::parse(connection.options);
  const auto* bound = options.get_object().if_contains("dpop_signing_alg");
  if (!bound || bound->is_null()) return std::nullopt;
  return invalid_body("Payload validation error: 'dpop_signing_alg cannot be used together with connected_accounts' on "
                      "property options.dpop_signing_alg.");
}

// An OAuth 2.0 provider issues no ID tokens that could be exchanged (management-api §2.1).
std::optional<Problem> check_cross_app_access(model::Strategy strategy, const json::object& body) {
  const auto* requesting = body.if_contains("cross_app_access_requesting_app");
  if (!requesting || requesting->is_null() || strategy != model::Strategy::oauth2) return std::nullopt;
  return Problem{400, "operation_not_supported",
                 "Cross App Access Requesting App is not supported for this connection."};
}

std::optional<std::vector<ClientId>> enabled_clients_of(const json::object& body) {
  const auto* clients = body.if_contains("enabled_clients");
  if (!clients || !clients->is_array()) return std::nullopt;
  std::vector<ClientId> ids;
  for (const json::value& client : clients->get_array()) ids.emplace_back(std::string(client.get_string()));
  return ids;
}

std::optional<Problem> find_unknown_client(db::Transaction& tx, const Call& call) {
  store::ClientStore known(tx, call.tenant);
  for (const ClientId& client : enabled_clients_of(call.object()).value_or(std::vector<ClientId>()))
    if (!known.find(client))
      return invalid_body("Payload validation error: 'The client does not exist: " + client.str() +
                          "' on property enabled_clients.");
  return std::nullopt;
}

void replace_enabled_clients(store::ConnectionStore& connections, const Call& call, const ConnectionId& id) {
  if (const auto clients = enabled_clients_of(call.object())) connections.replace_enabled_clients(id, *clients);
}

model::Tenant tenant_of(db::Transaction& tx, const Call& call) {
  return store::TenantStore(tx).find(call.tenant).value_or(model::Tenant{});
}

bool may_see_secrets(const Call& call) { return call.caller.has("read:connections_options"); }

}  // namespace

void Connections::register_on(Api& api) {
  api.on("connections_list", [this](Call call) { return list(std::move(call)); });
  api.on("connections_get", [this](Call call) { return get(std::move(call)); });
  api.on("connections_create", [this](Call call) { return create(std::move(call)); });
  api.on("connections_update", [this](Call call) { return update(std::move(call)); });
  api.on("connections_delete", [this](Call call) { return remove(std::move(call)); });
  api.on("connection_status", [this](Call call) { return status(std::move(call)); });
}

Task<Answer> Connections::list(Call call) {
  const Instant now = services_.clock.now();
  auto paging = read_paging(call, kRules, "connections", services_.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  store::ConnectionFilter filter;
  filter.strategies = call.query.get_all("strategy");
  filter.name = call.query.get("name");

  co_return co_await read_unit(services_.db, may_see_secrets(call), [&](db::Transaction& tx) -> Answer {
    const auto page = store::ConnectionStore(tx, call.tenant).list_shown(filter, paging->window);
    return connection_page(tx, call, services_, kRules, *paging, page, now);
  });
}

http::Response Connections::answer(db::Transaction& tx, int status, const Call& call,
                                   const model::Connection& connection, const std::vector<ClientId>& enabled,
                                   bool just_made, Instant now) {
  const auto visibility = options_visibility(tenant_of(tx, call), call.caller, just_made);
  ConnectionText shown = connection_text(connection, enabled, services_.box, visibility, FieldFilter(call, "id"));
  if (!just_made && shown.has_secret) log_secret_read(tx, call, "Read a connection secret", now);
  http::Response response = text_answer(status, std::move(shown.text));
  set_etag(response, connection.version);
  return response;
}

Task<Answer> Connections::get(Call call) {
  const Instant now = services_.clock.now();
  co_return co_await read_unit(services_.db, may_see_secrets(call), [&](db::Transaction& tx) -> Answer {
    const auto shown = store::ConnectionStore(tx, call.tenant).find_shown(ConnectionId(call.path("id")));
    if (!shown) return std::unexpected(no_such_connection());
    return answer(tx, 200, call, shown->record, shown->enabled_clients, false, now);
  });
}

Task<Answer> Connections::create(Call call) {
  const json::object& body = call.object();
  const auto strategy = read_strategy(body);
  if (!strategy) co_return std::unexpected(strategy.error());
  if (auto problem = check_cross_app_access(*strategy, body)) co_return std::unexpected(*problem);
  auto prepared = co_await prepare_options(services_, *strategy, options_of(body), false);
  if (!prepared) co_return std::unexpected(prepared.error());

  const Instant now = services_.clock.now();
  const model::Connection connection = new_connection(
      services_, call.tenant, std::string(body.at("name").get_string()), std::move(*prepared), body);
  if (auto problem = check_purposes(connection)) co_return std::unexpected(*problem);
  const ConnectionKeyList keys = co_await make_first_keys(services_, connection, false);

  // Everything that can refuse is asked before the first write, so that a refusal leaves nothing behind.
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    if (auto problem = find_unknown_client(tx, call)) return std::unexpected(*problem);
    store::ConnectionStore connections(tx, call.tenant);
    if (connections.insert(connection) == store::Insert::duplicate) return std::unexpected(name_taken());
    replace_enabled_clients(connections, call, connection.id);
    insert_first_keys(tx, connection, keys);
    log_write(tx, call, "Create a connection", member_names(body), now);
    return answer(tx, 201, call, connection, connections.enabled_clients(connection.id), true, now);
  });
}

// What a change starts from, with everything that can be refused before the provider is asked.
std::expected<model::Connection, Problem> Connections::read_for_change(db::Transaction& tx, const Call& call) {
  auto connection = store::ConnectionStore(tx, call.tenant).find(ConnectionId(call.path("id")));
  const bool with_options = !options_of(call.object()).empty();
  if (with_options && tenant_of(tx, call).options_need_own_scopes && !call.caller.has("update:connections_options"))
    return std::unexpected(insufficient_scope("update:connections_options"));
  if (!connection) return std::unexpected(no_such_connection());
  if (auto problem = check_cross_app_access(connection->upstream.strategy, call.object()))
    return std::unexpected(*problem);
  if (auto matches = check_if_match(call, connection->version); !matches) return std::unexpected(matches.error());
  seal_clear_headers(*connection, services_.box);
  return std::move(*connection);
}

// `connection` is as it was stored, but for its options.
Answer Connections::store_change(db::Transaction& tx, const Call& call, model::Connection connection,
                                 const ConnectionKeyList& keys, Instant now) {
  const json::object& body = call.object();
  apply_members(connection, body);
  if (body.contains("options") || body.contains("connected_accounts"))
    if (auto problem = check_purposes(connection)) return std::unexpected(*problem);
  const std::int64_t based_on = connection.version++;
  connection.updated_at = now;

  store::ConnectionStore connections(tx, call.tenant);
  if (auto problem = find_unknown_client(tx, call)) return std::unexpected(*problem);
  if (body.contains("realms") && connections.is_realm_taken(connection.id, connection.realms))
    return std::unexpected(name_taken());
  switch (connections.update(connection, based_on)) {
    case store::Update::missing: return std::unexpected(no_such_connection());
    case store::Update::changed_meanwhile: return std::unexpected(changed_meanwhile());
    case store::Update::done: break;
  }
  replace_enabled_clients(connections, call, connection.id);
  insert_first_keys(tx, connection, keys);
  log_write(tx, call, "Update a connection", member_names(body), now);
  return answer(tx, 200, call, connection, connections.enabled_clients(connection.id), false, now);
}

// One attempt: read, prepare without a transaction (the provider may be asked), write if nobody was quicker.
Task<Answer> Connections::change_with_options(const Call& call) {
  bool has_keys = false;
  auto connection = co_await services_.db.read([&](db::Transaction& tx) {
    auto stored = read_for_change(tx, call);
    if (stored) has_keys = has_connection_keys(tx, *stored);
    return stored;
  });
  if (!connection) co_return std::unexpected(connection.error());
  const json::object options = options_of(call.object());
  if (auto problem = co_await change_options(services_, *connection, options)) co_return std::unexpected(*problem);
  const ConnectionKeyList keys = co_await make_first_keys(services_, *connection, has_keys);
  const Instant now = services_.clock.now();
  co_return co_await services_.db.write(
      [&](db::Transaction& tx) { return store_change(tx, call, *connection, keys, now); });
}

Task<Answer> Connections::update(Call call) {
  const auto* options = call.object().if_contains("options");
  if (!options || !options->is_object()) {
    const Instant now = services_.clock.now();
    co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
      auto connection = read_for_change(tx, call);
      if (!connection) return std::unexpected(connection.error());
      return store_change(tx, call, std::move(*connection), {}, now);
    });
  }
  const bool conditional = call.http.headers.has("If-Match");
  for (int attempt = 1;; ++attempt) {
    Answer changed = co_await change_with_options(call);
    const bool overtaken = !changed && changed.error().status == 412 && !conditional;
    if (!overtaken || attempt == kMaxAttempts) co_return changed;
  }
}

Task<Answer> Connections::remove(Call call) {
  const Instant now = services_.clock.now();
  const ConnectionId id(call.path("id"));
  auto existed = co_await services_.db.write([&](db::Transaction& tx) -> std::expected<bool, Problem> {
    store::ConnectionStore connections(tx, call.tenant);
    const auto stored = connections.find(id);
    if (!stored) return false;
    if (auto matches = check_if_match(call, stored->version); !matches) return std::unexpected(matches.error());
    connections.remove(id);
    log_write(tx, call, "Delete a connection", {stored->name}, now);
    return true;
  });
  if (!existed) co_return std::unexpected(existed.error());
  if (!*existed) co_return http::empty_response(204);
  co_await login::end_connection(services_.db, call.tenant, id, now);
  co_return json_answer(202, json::object{{"deleted_at", to_iso8601(now)}});
}

Task<Answer> Connections::status(Call call) {
  if (const RateVerdict verdict = status_checks_.take(call.tenant.str(), services_.clock.now()); !verdict.allowed)
    co_return std::unexpected(too_many_requests("The status can be asked for 15 times a second.", verdict));
  const auto connection = co_await services_.db.read([&](db::Transaction& tx) {
    return store::ConnectionStore(tx, call.tenant).find(ConnectionId(call.path("id")));
  });
  if (!connection) co_return std::unexpected(no_such_connection());
  json::object shown{{"status", to_string(connection->status)},
                     {"missing", json::value_from(connection->upstream.missing)},
                     {"checked_at", to_iso8601(std::max(connection->metadata_fetched_at, connection->updated_at))}};
  if (!connection->status_detail.empty()) shown["detail"] = connection->status_detail;
  co_return json_answer(200, shown);
}

}  // namespace symbolon::management
