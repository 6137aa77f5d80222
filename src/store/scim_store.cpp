#include "store/scim_store.h"

#include "base/text.h"
#include "store/list_query.h"
#include "store/row_reader.h"
#include "store/sequence.h"
#include "store/versioned.h"

namespace symbolon::store {
namespace {

constexpr std::string_view kColumns = "connection_id, user_id_attribute, mapping, version, created_at, updated_at";

ScimConfiguration read_configuration(RowReader row) {
  return {.connection = row.id<ConnectionId>(),
          .user_id_attribute = row.text(),
          .mapping = row.text(),
          .version = row.integer(),
          .created_at = row.instant(),
          .updated_at = row.instant()};
}

ScimToken read_token(RowReader row) {
  return {.id = row.text(),
          .connection = row.id<ConnectionId>(),
          .hash = row.bytes<model::TicketHash>(),
          .scopes = row.words(),
          .created_at = row.instant(),
          .expires_at = row.optional_instant(),
          .last_used_at = row.optional_instant()};
}

}  // namespace

std::optional<ScimConfiguration> ScimStore::find(const ConnectionId& connection) {
  static const std::string kSql =
      "SELECT " + std::string(kColumns) + " FROM scim_configurations WHERE tenant = ?1 AND connection_id = ?2";
  return read_one(tx_.query(kSql, {tenant_, connection}), read_configuration);
}

Page<ScimConfiguration> ScimStore::list(const Window& window) {
  ListQuery query("scim_configurations", "seq");
  query.where("tenant", tenant_);
  return read_page(tx_, query, kColumns, window, read_configuration);
}

Insert ScimStore::insert(const ScimConfiguration& configuration) {
  const auto inserted = tx_.execute(
      "INSERT INTO scim_configurations (tenant, connection_id, seq, user_id_attribute, mapping, version, created_at,"
      " updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
      {tenant_, configuration.connection, next_number(tx_, tenant_, "scim_configurations"),
       configuration.user_id_attribute, configuration.mapping, configuration.version, configuration.created_at,
       configuration.updated_at});
  return inserted > 0 ? Insert::done : Insert::duplicate;
}

Update ScimStore::update(const ScimConfiguration& configuration, std::int64_t based_on) {
  const auto changed = tx_.execute(
      "UPDATE scim_configurations SET user_id_attribute = ?4, mapping = ?5, version = version + 1, updated_at = ?6"
      " WHERE tenant = ?1 AND connection_id = ?2 AND version = ?3",
      {tenant_, configuration.connection, based_on, configuration.user_id_attribute, configuration.mapping,
       configuration.updated_at});
  return outcome_of(changed, [&] { return find(configuration.connection).has_value(); });
}

bool ScimStore::remove(const ConnectionId& connection) {
  tx_.execute("DELETE FROM scim_tokens WHERE tenant = ?1 AND connection_id = ?2", {tenant_, connection});
  return tx_.execute("DELETE FROM scim_configurations WHERE tenant = ?1 AND connection_id = ?2",
                     {tenant_, connection}) > 0;
}

std::vector<ScimToken> ScimStore::list_tokens(const ConnectionId& connection) {
  return read_all(tx_.query("SELECT id, connection_id, hash, scopes, created_at, expires_at, last_used_at"
                            " FROM scim_tokens WHERE tenant = ?1 AND connection_id = ?2 ORDER BY created_at, id",
                            {tenant_, connection}),
                  read_token);
}

void ScimStore::insert_token(const ScimToken& token) {
  tx_.execute(
      "INSERT INTO scim_tokens (tenant, id, connection_id, hash, scopes, created_at, expires_at, last_used_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      {tenant_, token.id, token.connection, bind(token.hash), join(token.scopes, " "), token.created_at,
       token.expires_at, token.last_used_at});
}

bool ScimStore::remove_token(const ConnectionId& connection, std::string_view id) {
  return tx_.execute("DELETE FROM scim_tokens WHERE tenant = ?1 AND connection_id = ?2 AND id = ?3",
                     {tenant_, connection, id}) > 0;
}

void ScimStore::remove_expired_tokens(const ConnectionId& connection, Instant now) {
  tx_.execute("DELETE FROM scim_tokens WHERE tenant = ?1 AND connection_id = ?2 AND expires_at <= ?3",
              {tenant_, connection, now});
}

}  // namespace symbolon::store
