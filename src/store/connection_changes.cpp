#include <algorithm>
#include <string>

#include "base/text.h"
#include "store/connection_row.h"
#include "store/connection_store.h"
#include "store/scim_store.h"
#include "store/sequence.h"
#include "store/upstream_settings_fields.h"
#include "store/versioned.h"

namespace symbolon::store {
namespace {

void remove_names(db::Transaction& tx, const TenantId& tenant, const ConnectionId& id) {
  tx.execute("DELETE FROM connection_realms WHERE tenant = ?1 AND connection_id = ?2", {tenant, id});
  tx.execute("DELETE FROM connection_domains WHERE tenant = ?1 AND connection_id = ?2", {tenant, id});
}

// The tables by which realms and domains are looked up; the lists themselves stand in the connection's row.
void insert_names(db::Transaction& tx, const TenantId& tenant, const model::Connection& connection) {
  for (const std::string& realm : connection.realms)
    tx.execute(
        "INSERT INTO connection_realms (tenant, realm, connection_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        {tenant, realm, connection.id});
  for (const std::string& domain : connection.domain_aliases)
    tx.execute(
        "INSERT INTO connection_domains (tenant, domain, connection_id) VALUES (?1, ?2, ?3)"
        " ON CONFLICT DO NOTHING",
        {tenant, domain, connection.id});
}

}  // namespace

Insert ConnectionStore::insert(const model::Connection& connection) {
  std::vector<std::string> wanted = connection.realms;
  wanted.push_back(connection.name);
  if (is_realm_taken(connection.id, wanted)) return Insert::duplicate;

  const auto inserted = tx_.execute(
      "INSERT INTO connections (tenant, id, seq, name, name_folded, strategy, display_name, authentication_active,"
      " connected_accounts_active, is_domain_connection, show_as_button, realms, domain_aliases, icon_url, settings,"
      " client_secret, status, status_detail, doc, options, oidc_metadata, metadata_pinned, metadata_fetched_at,"
      " zitadel_id, zitadel_owner, version, created_at, updated_at, custom_headers)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,"
      " ?23, ?24, ?25, ?26, ?27, ?28, ?29) ON CONFLICT DO NOTHING",
      {tenant_,
       connection.id,
       next_number(tx_, tenant_, "connections"),
       connection.name,
       to_lower_ascii(connection.name),
       to_string(connection.upstream.strategy),
       connection.display_name,
       connection.authentication_active,
       connection.connected_accounts_active,
       connection.is_domain_connection,
       connection.show_as_button,
       pack_list(connection.realms),
       pack_list(connection.domain_aliases),
       connection.icon_url,
       settings_to_text(connection.upstream),
       bind(connection.client_secret),
       to_string(connection.status),
       connection.status_detail,
       connection.doc,
       connection.options,
       connection.oidc_metadata,
       connection.metadata_pinned,
       connection.metadata_fetched_at,
       null_if_empty(connection.zitadel_id),
       connection.zitadel_owner,
       connection.version,
       connection.created_at,
       connection.updated_at,
       bind(connection.custom_headers)});
  if (inserted == 0) return Insert::duplicate;
  insert_names(tx_, tenant_, connection);
  return Insert::done;
}

Update ConnectionStore::update(const model::Connection& connection, std::int64_t based_on) {
  const auto changed = tx_.execute(
      "UPDATE connections SET display_name = ?4, authentication_active = ?5, connected_accounts_active = ?6,"
      " is_domain_connection = ?7, show_as_button = ?8, realms = ?9, domain_aliases = ?10, icon_url = ?11,"
      " settings = ?12, client_secret = ?13, status = ?14, status_detail = ?15, doc = ?16, options = ?17,"
      " oidc_metadata = ?18, metadata_pinned = ?19, metadata_fetched_at = ?20, zitadel_id = ?21, zitadel_owner = ?22,"
      " version = version + 1, updated_at = ?23, custom_headers = ?24 WHERE tenant = ?1 AND id = ?2 AND version = ?3",
      {tenant_,
       connection.id,
       based_on,
       connection.display_name,
       connection.authentication_active,
       connection.connected_accounts_active,
       connection.is_domain_connection,
       connection.show_as_button,
       pack_list(connection.realms),
       pack_list(connection.domain_aliases),
       connection.icon_url,
       settings_to_text(connection.upstream),
       bind(connection.client_secret),
       to_string(connection.status),
       connection.status_detail,
       connection.doc,
       connection.options,
       connection.oidc_metadata,
       connection.metadata_pinned,
       connection.metadata_fetched_at,
       null_if_empty(connection.zitadel_id),
       connection.zitadel_owner,
       connection.updated_at,
       bind(connection.custom_headers)});
  const Update outcome = outcome_of(changed, [&] {
    return tx_.query_one("SELECT 1 FROM connections WHERE tenant = ?1 AND id = ?2", {tenant_, connection.id})
        .has_value();
  });
  if (outcome != Update::done) return outcome;
  remove_names(tx_, tenant_, connection.id);
  insert_names(tx_, tenant_, connection);
  return outcome;
}

bool ConnectionStore::record_metadata_check(const model::Connection& connection) {
  return tx_.execute(
             "UPDATE connections SET metadata_fetched_at = ?4, status = ?5, status_detail = ?6"
             " WHERE tenant = ?1 AND id = ?2 AND version = ?3",
             {tenant_, connection.id, connection.version, connection.metadata_fetched_at,
              to_string(connection.status), connection.status_detail}) > 0;
}

void ConnectionStore::record_sealed_headers(const model::Connection& connection) {
  tx_.execute("UPDATE connections SET options = ?3, settings = ?4, custom_headers = ?5 WHERE tenant = ?1 AND id = ?2",
              {tenant_, connection.id, connection.options, settings_to_text(connection.upstream),
               bind(connection.custom_headers)});
}

bool ConnectionStore::remove(const ConnectionId& id, bool keeps_users) {
  if (tx_.execute("DELETE FROM connections WHERE tenant = ?1 AND id = ?2", {tenant_, id}) == 0) return false;
  remove_names(tx_, tenant_, id);
  tx_.execute("DELETE FROM connection_clients WHERE tenant = ?1 AND connection_id = ?2", {tenant_, id});
  tx_.execute("DELETE FROM login_policy_providers WHERE tenant = ?1 AND connection_id = ?2", {tenant_, id});
  tx_.execute("DELETE FROM signing_keys WHERE tenant = ?1 AND owner = ?2", {tenant_, id});
  ScimStore(tx_, tenant_).remove(id);
  tx_.execute("DELETE FROM tickets WHERE tenant = ?1 AND subject = ?2", {tenant_, id});
  tx_.execute("INSERT INTO connection_remains (tenant, connection_id, keeps_users) VALUES (?1, ?2, ?3)",
              {tenant_, id, keeps_users});
  return true;
}

bool ConnectionStore::remove(const ConnectionId& id) { return remove(id, false); }

bool ConnectionStore::remove_keeping_users(const ConnectionId& id) { return remove(id, true); }

void ConnectionStore::enable(const ConnectionId& id, const ClientId& client) {
  tx_.execute(
      "INSERT INTO connection_clients (tenant, client_id, connection_id, seq)"
      " SELECT tenant, ?3, id, seq FROM connections WHERE tenant = ?1 AND id = ?2"
      " ON CONFLICT (tenant, client_id, connection_id) DO UPDATE SET by_hand = 1",
      {tenant_, id, client});
}

void ConnectionStore::disable(const ConnectionId& id, const ClientId& client) {
  tx_.execute("DELETE FROM connection_clients WHERE tenant = ?1 AND client_id = ?3 AND connection_id = ?2",
              {tenant_, id, client});
}

void ConnectionStore::mark_changed(const ConnectionId& id, Instant now) {
  tx_.execute("UPDATE connections SET version = version + 1, updated_at = ?3 WHERE tenant = ?1 AND id = ?2",
              {tenant_, id, now});
}

void ConnectionStore::mark_all_changed(const ClientId& client, Instant now) {
  tx_.execute(
      "UPDATE connections SET version = version + 1, updated_at = ?3 WHERE tenant = ?1 AND id IN"
      " (SELECT connection_id FROM connection_clients WHERE tenant = ?1 AND client_id = ?2)",
      {tenant_, client, now});
}

void ConnectionStore::replace_enabled_clients(const ConnectionId& id, const std::vector<ClientId>& clients) {
  const std::vector<ClientId> present = enabled_clients(id);
  for (const ClientId& client : present)
    if (std::ranges::find(clients, client) == clients.end()) disable(id, client);
  // Naming what a policy offers anyway does not make it outlive the policy.
  for (const ClientId& client : clients)
    if (std::ranges::find(present, client) == present.end()) enable(id, client);
}

}  // namespace symbolon::store
