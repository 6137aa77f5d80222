#include "management/connection_keys.h"

#include "management/audit.h"
#include "management/connection_key.h"
#include "store/connection_store.h"
#include "store/signing_key_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;
using model::KeyState;

// A connection, and whether it has keys already.
struct Found {
  model::Connection connection;
  bool has_keys = false;
};

std::expected<Found, Problem> find(db::Transaction& tx, const Call& call, const char* unsupported) {
  auto connection = store::ConnectionStore(tx, call.tenant).find(ConnectionId(call.path("id")));
  if (!connection) return std::unexpected(not_found("inexistent_connection", "The connection does not exist"));
  if (connection->upstream.strategy == model::Strategy::oauth2)
    return std::unexpected(Problem{400, "operation_not_supported", unsupported});
  const bool has_keys = has_connection_keys(tx, *connection);
  return Found{std::move(*connection), has_keys};
}

// What the call asks for, otherwise what the connection is set to.
crypto::SignatureAlgorithm algorithm_for(const Call& call, const model::Connection& connection) {
  std::string name = connection.upstream.assertion_algorithm;
  if (const auto* body = call.body.if_object())
    if (const auto* wanted = body->if_contains("signing_alg"); wanted && wanted->is_string())
      name = std::string(wanted->get_string());
  return crypto::parse_signature_algorithm(name).value_or(crypto::SignatureAlgorithm::RS256);
}

json::array show(const ConnectionKeyList& keys, const std::string& connection_name) {
  json::array shown;
  for (const model::SigningKey& key : keys) shown.push_back(show_connection_key(key, connection_name));
  return shown;
}

// next becomes current, current becomes previous, an older previous goes.
void step_forward(store::SigningKeyStore& store, Instant now) {
  for (model::SigningKey& key : store.list()) {
    switch (key.state) {
      case KeyState::previous:
        store.remove(key.kid);
        break;
      case KeyState::current:
        key.state = KeyState::previous;
        key.current_until = now;
        store.update(key);
        break;
      case KeyState::next:
        key.state = KeyState::current;
        key.current_since = now;
        store.update(key);
        break;
      case KeyState::revoked:
        break;
    }
  }
}

}  // namespace

void ConnectionKeys::register_on(Api& api) {
  api.on("connection_keys_list", [this](Call call) { return list(std::move(call)); });
  api.on("connection_keys_create", [this](Call call) { return create(std::move(call)); });
  api.on("connection_keys_rotate", [this](Call call) { return rotate(std::move(call)); });
}

Task<Answer> ConnectionKeys::list(Call call) {
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    const auto found = find(tx, call, "keys are not available for this connection");
    if (!found) return std::unexpected(found.error());
    const model::Connection& connection = found->connection;
    const auto keys = store::SigningKeyStore(tx, call.tenant, connection.id.str()).list();
    return json_answer(200, show(keys, connection.name));
  });
}

Task<Answer> ConnectionKeys::create(Call call) {
  const auto found = co_await services_.db.read(
      [&](db::Transaction& tx) { return find(tx, call, "keys are not available for this connection"); });
  if (!found) co_return std::unexpected(found.error());
  const model::Connection& connection = found->connection;
  const Problem taken = conflict("connection_keys_conflict", "Keys have already been created for this connection.");
  if (found->has_keys) co_return std::unexpected(taken);
  const auto algorithm = algorithm_for(call, connection);
  const ConnectionKeyList keys = co_await make_key_pair(services_, connection, algorithm);
  const Instant now = services_.clock.now();
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    const auto again = find(tx, call, "keys are not available for this connection");
    if (!again) return std::unexpected(again.error());
    if (again->has_keys) return std::unexpected(taken);
    insert_first_keys(tx, connection, keys);
    log_write(tx, call, "Create connection keys", {"keys"}, now);
    return json_answer(201, show(keys, connection.name));
  });
}

Task<Answer> ConnectionKeys::rotate(Call call) {
  constexpr const char* kUnsupported = "Key rotation is not supported on this connection";
  const auto found =
      co_await services_.db.read([&](db::Transaction& tx) { return find(tx, call, kUnsupported); });
  if (!found) co_return std::unexpected(found.error());
  const Problem no_keys{400, "operation_not_supported",
                        "Connection is not configured to use JWT Client Authentication"};
  if (!found->has_keys) co_return std::unexpected(no_keys);
  const model::Connection& connection = found->connection;
  const auto algorithm = algorithm_for(call, connection);
  const model::SigningKey next = co_await make_connection_key(services_, connection, algorithm, KeyState::next);
  const Instant now = services_.clock.now();
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    const auto again = find(tx, call, kUnsupported);
    if (!again) return std::unexpected(again.error());
    if (!again->has_keys) return std::unexpected(no_keys);
    store::SigningKeyStore store(tx, call.tenant, connection.id.str());
    step_forward(store, now);
    store.insert(next);
    log_write(tx, call, "Rotate connection keys", {"keys"}, now);
    return json_answer(201, show_connection_key(next, connection.name));
  });
}

}  // namespace symbolon::management
