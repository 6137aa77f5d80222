#include <array>

#include "management/audit.h"
#include "management/scim_configurations.h"
#include "store/scim_store.h"
#include "tickets/opaque.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxTokens = 2;  // the old one and its successor (scim §1.2)
constexpr std::array<std::string_view, 10> kScopes{"get:users",   "post:users",    "put:users",   "patch:users",
                                                   "delete:users", "get:groups",   "post:groups", "put:groups",
                                                   "patch:groups", "delete:groups"};

json::object show(const store::ScimToken& token) {
  json::object shown{{"token_id", token.id},
                     {"scopes", json::value_from(token.scopes)},
                     {"created_at", to_iso8601(token.created_at)}};
  if (token.expires_at) shown["valid_until"] = to_iso8601(*token.expires_at);
  if (token.last_used_at) shown["last_used_at"] = to_iso8601(*token.last_used_at);
  return shown;
}

// The connection of the call, if it is provisioned at all.
std::expected<ConnectionId, Problem> find_provisioned(db::Transaction& tx, const Call& call) {
  const auto connection = find_scim_connection(tx, call);
  if (!connection) return std::unexpected(connection.error());
  if (!store::ScimStore(tx, call.tenant).find(connection->id)) return std::unexpected(not_found({}, "Not Found"));
  return connection->id;
}

std::vector<std::string> wanted_scopes(const json::object& sent) {
  std::vector<std::string> scopes;
  if (const auto* list = sent.if_contains("scopes"))
    for (const json::value& scope : list->get_array()) scopes.emplace_back(scope.get_string());
  else
    scopes.assign(kScopes.begin(), kScopes.end());
  return scopes;
}

std::optional<Instant> wanted_expiry(const json::object& sent, Instant now) {
  const auto* lifetime = sent.if_contains("token_lifetime");
  if (!lifetime || lifetime->is_null()) return std::nullopt;
  return now + std::chrono::seconds(lifetime->to_number<std::int64_t>());
}

}  // namespace

void ScimTokens::register_on(Api& api) {
  api.on("scim_tokens_list", [this](Call call) { return list(std::move(call)); });
  api.on("scim_tokens_create", [this](Call call) { return create(std::move(call)); });
  api.on("scim_tokens_delete", [this](Call call) { return remove(std::move(call)); });
}

Task<Answer> ScimTokens::list(Call call) {
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    const auto connection = find_provisioned(tx, call);
    if (!connection) return std::unexpected(connection.error());
    json::array shown;
    for (const store::ScimToken& token : store::ScimStore(tx, call.tenant).list_tokens(*connection))
      shown.push_back(show(token));
    return json_answer(200, shown);
  });
}

Task<Answer> ScimTokens::create(Call call) {
  const Instant now = services_.clock.now();
  const json::object sent = call.body.is_object() ? call.object() : json::object();
  store::ScimToken token;
  token.id = "tok_" + random_alphanumeric(services_.random, 16);
  const std::string value = token.id + "." + random_hex(services_.random, 32);
  token.hash = tickets::hash_ticket("scim_token", value);
  token.scopes = wanted_scopes(sent);
  token.created_at = now;
  token.expires_at = wanted_expiry(sent, now);
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    const auto connection = find_provisioned(tx, call);
    if (!connection) return std::unexpected(connection.error());
    store::ScimStore scim(tx, call.tenant);
    scim.remove_expired_tokens(*connection, now);
    if (scim.list_tokens(*connection).size() >= kMaxTokens)
      return std::unexpected(
          conflict("scim_token_conflict", "Maximum of 2 tokens already issued for this connection"));
    store::ScimToken stored = token;
    stored.connection = *connection;
    scim.insert_token(stored);
    log_write(tx, call, "Create a SCIM token", member_names(sent), now);
    json::object shown = show(stored);
    shown["token"] = value;
    return json_answer(201, shown);
  });
}

Task<Answer> ScimTokens::remove(Call call) {
  const Instant now = services_.clock.now();
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    const auto connection = find_provisioned(tx, call);
    if (!connection) return std::unexpected(connection.error());
    const std::string id = call.path("token_id");
    if (!store::ScimStore(tx, call.tenant).remove_token(*connection, id))
      return std::unexpected(not_found("inexistent_scim_token", "The SCIM token does not exist"));
    log_write(tx, call, "Delete a SCIM token", {id}, now);
    return http::empty_response(204);
  });
}

}  // namespace symbolon::management
