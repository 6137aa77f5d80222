#include "management/scim_configurations.h"

#include "management/audit.h"
#include "management/etag.h"
#include "management/paging.h"
#include "management/scim_mapping.h"
#include "store/connection_store.h"
#include "store/scim_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

const PagingRules kRules{.plural = "scim_configurations", .default_take = 50, .checkpoint_only = true};

Problem absent() { return not_found({}, "Not Found"); }

json::object show(const store::ScimConfiguration& configuration, const model::Connection& connection) {
  return {{"connection_id", connection.id.str()},
          {"connection_name", connection.name},
          {"strategy", to_string(connection.upstream.strategy)},
          {"tenant_name", connection.tenant.str()},
          {"user_id_attribute", configuration.user_id_attribute},
          {"mapping", json::parse(configuration.mapping)},
          {"created_at", to_iso8601(configuration.created_at)},
          {"updated_on", to_iso8601(configuration.updated_at)}};
}

http::Response answer(int status, const store::ScimConfiguration& configuration, const model::Connection& connection) {
  http::Response response = json_answer(status, show(configuration, connection));
  set_etag(response, configuration.version);
  return response;
}

// Takes what was sent into a configuration.
std::optional<Problem> apply(store::ScimConfiguration& configuration, const json::object& sent) {
  if (const auto* attribute = sent.if_contains("user_id_attribute"))
    configuration.user_id_attribute = std::string(attribute->get_string());
  const auto* mapping = sent.if_contains("mapping");
  if (!mapping) return std::nullopt;
  if (!is_valid_scim_mapping(mapping->get_array())) return invalid_body("Invalid mapping provided");
  configuration.mapping = json::serialize(*mapping);
  return std::nullopt;
}

}  // namespace

std::expected<model::Connection, Problem> find_scim_connection(db::Transaction& tx, const Call& call) {
  auto connection = store::ConnectionStore(tx, call.tenant).find(ConnectionId(call.path("id")));
  if (!connection) return std::unexpected(not_found("inexistent_connection", "The connection does not exist"));
  if (connection->upstream.strategy == model::Strategy::oauth2)
    return std::unexpected(not_found({}, "This connection type does not support SCIM. Use a connection of strategy oidc "
                                         "or okta."));
  return std::move(*connection);
}

void ScimConfigurations::register_on(Api& api) {
  api.on("scim_configurations_list", [this](Call call) { return list(std::move(call)); });
  api.on("scim_configuration_get", [this](Call call) { return get(std::move(call)); });
  api.on("scim_configuration_create", [this](Call call) { return create(std::move(call)); });
  api.on("scim_configuration_update", [this](Call call) { return update(std::move(call)); });
  api.on("scim_configuration_delete", [this](Call call) { return remove(std::move(call)); });
  api.on("scim_default_mapping_get", [this](Call call) { return default_mapping(std::move(call)); });
}

Task<Answer> ScimConfigurations::list(Call call) {
  const Instant now = services_.clock.now();
  const auto paging = read_paging(call, kRules, "scim_configurations", services_.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    const auto page = store::ScimStore(tx, call.tenant).list(paging->window);
    store::ConnectionStore connections(tx, call.tenant);
    json::array items;
    for (const auto& configuration : page.items)
      if (const auto connection = connections.find(configuration.connection))
        items.push_back(show(configuration, *connection));
    return json_answer(200, page_answer(kRules, *paging, std::move(items), page.next, page.total, call, services_.box,
                                        now));
  });
}

Task<Answer> ScimConfigurations::get(Call call) {
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    const auto connection = find_scim_connection(tx, call);
    if (!connection) return std::unexpected(connection.error());
    const auto configuration = store::ScimStore(tx, call.tenant).find(connection->id);
    if (!configuration) return std::unexpected(absent());
    return answer(200, *configuration, *connection);
  });
}

Task<Answer> ScimConfigurations::create(Call call) {
  const Instant now = services_.clock.now();
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    const auto connection = find_scim_connection(tx, call);
    if (!connection) return std::unexpected(connection.error());
    store::ScimConfiguration configuration{.connection = connection->id,
                                           .user_id_attribute = "externalId",
                                           .mapping = json::serialize(default_scim_mapping()),
                                           .version = 1,
                                           .created_at = now,
                                           .updated_at = now};
    const json::object sent = call.body.is_object() ? call.object() : json::object();
    if (auto problem = apply(configuration, sent)) return std::unexpected(*problem);
    if (store::ScimStore(tx, call.tenant).insert(configuration) == store::Insert::duplicate)
      return std::unexpected(Problem{400, {}, "The SCIM configuration of this connection already exists"});
    log_write(tx, call, "Create a SCIM configuration", member_names(sent), now);
    return answer(201, configuration, *connection);
  });
}

Task<Answer> ScimConfigurations::update(Call call) {
  const Instant now = services_.clock.now();
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    const auto connection = find_scim_connection(tx, call);
    if (!connection) return std::unexpected(connection.error());
    store::ScimStore scim(tx, call.tenant);
    auto configuration = scim.find(connection->id);
    if (!configuration) return std::unexpected(absent());
    if (auto matches = check_if_match(call, configuration->version); !matches) return std::unexpected(matches.error());
    if (auto problem = apply(*configuration, call.object())) return std::unexpected(*problem);
    const std::int64_t based_on = configuration->version++;
    configuration->updated_at = now;
    if (scim.update(*configuration, based_on) != store::Update::done) return std::unexpected(changed_meanwhile());
    log_write(tx, call, "Update a SCIM configuration", member_names(call.object()), now);
    return answer(200, *configuration, *connection);
  });
}

Task<Answer> ScimConfigurations::remove(Call call) {
  const Instant now = services_.clock.now();
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    const auto connection = find_scim_connection(tx, call);
    if (!connection) return std::unexpected(connection.error());
    store::ScimStore scim(tx, call.tenant);
    const auto configuration = scim.find(connection->id);
    if (!configuration) return std::unexpected(absent());
    if (auto matches = check_if_match(call, configuration->version); !matches) return std::unexpected(matches.error());
    scim.remove(connection->id);
    log_write(tx, call, "Delete a SCIM configuration", {connection->name}, now);
    return http::empty_response(204);
  });
}

Task<Answer> ScimConfigurations::default_mapping(Call call) {
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    const auto connection = find_scim_connection(tx, call);
    if (!connection) return std::unexpected(connection.error());
    return json_answer(200, json::object{{"mapping", default_scim_mapping()}});
  });
}

}  // namespace symbolon::management
