#include "management/connection_record.h"

#include <boost/json.hpp>

#include "management/connection_document.h"
#include "model/number_id.h"
#include "upstream/custom_headers.h"
#include "upstream/wire_options.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

std::string source_of(const model::Connection& connection) {
  return upstream::discovery_source(connection.upstream.strategy, json::parse(connection.options).as_object());
}

json::value metadata_of(const model::Connection& connection) {
  return connection.oidc_metadata.empty() ? json::object() : json::parse(connection.oidc_metadata);
}

Problem send_again(std::string_view member) {
  const std::string name(member);
  return invalid_body("The issuer, an endpoint or the client_id changes, so the stored " + name +
                      " is not kept: it could be sent to somebody else. Send options." + name +
                      " again, or null to remove it.");
}

}  // namespace

model::Connection new_connection(const Services& services, const TenantId& tenant, std::string name,
                                 PreparedOptions prepared, const json::object& members) {
  const Instant now = services.clock.now();
  model::Connection connection;
  connection.tenant = tenant;
  connection.id = ConnectionId("con_" + random_alphanumeric(services.random, 16));
  connection.zitadel_id = model::make_number_id(now, services.random);
  connection.name = std::move(name);
  const std::string secret = prepared.client_secret.value_or("");
  const json::object headers = prepared.custom_headers.value_or(json::object());
  apply_options(connection, std::move(prepared));
  apply_members(connection, members);
  set_connection_secret(connection, secret, services.box);
  upstream::set_custom_headers(connection, headers, services.box);
  connection.version = 1;
  connection.created_at = connection.updated_at = now;
  return connection;
}

Task<std::optional<Problem>> change_options(const Services& services, model::Connection& connection,
                                            json::object sent) {
  const model::UpstreamSettings before = connection.upstream;
  const std::string source_before = source_of(connection);
  const bool had_secret = !connection.client_secret.empty();
  const bool had_headers = !connection.custom_headers.empty();
  auto prepared = co_await prepare_options(services, before.strategy, std::move(sent), had_secret);
  if (!prepared) co_return prepared.error();
  // Tools send back what they read; that does not make it a document written by hand (login-runtime RP-9).
  if (prepared->metadata_pinned && json::value(prepared->oidc_metadata) == metadata_of(connection)) {
    prepared->metadata_pinned = connection.metadata_pinned;
    prepared->metadata_fetched_at = connection.metadata_fetched_at;
  }
  const std::optional<std::string> secret = prepared->client_secret;
  const std::optional<json::object> headers = prepared->custom_headers;
  apply_options(connection, std::move(*prepared));
  const bool stays_valid = secret_stays_valid(before, source_before, connection.upstream, source_of(connection));
  if (secret)
    set_connection_secret(connection, *secret, services.box);
  else if (had_secret && !stays_valid)
    co_return send_again("client_secret");
  if (headers)
    upstream::set_custom_headers(connection, *headers, services.box);
  else if (had_headers && !stays_valid)
    co_return send_again("customHeaders");
  co_return std::nullopt;
}

}  // namespace symbolon::management
