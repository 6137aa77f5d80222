#include "store/client_store.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "store/cascade.h"
#include "store/client_document.h"
#include "store/client_origin.h"
#include "store/list_query.h"
#include "store/login_policy_store.h"
#include "store/parse_memo.h"
#include "store/row_reader.h"
#include "store/sequence.h"
#include "store/versioned.h"

namespace symbolon::store {
namespace {

constexpr std::string_view kColumns = "tenant, client_id, doc, secret_hash, secret, version, created_at, updated_at";

ClientDocument read_row(RowReader row) {
  static thread_local ParseMemo<ClientDocument> memo;
  auto tenant = row.id<TenantId>();
  auto id = row.id<ClientId>();
  ClientDocument document = memo.get(
      row.text(), [](std::string_view doc) { return read_client_document(TenantId(), std::string(doc)); });
  model::Client& client = document.client;
  client.tenant = std::move(tenant);
  client.id = std::move(id);
  client.secret_hash = row.bytes<model::ClientSecretHash>();
  client.secret = row.bytes<model::SealedSecret>();
  client.version = row.integer();
  client.created_at = row.instant();
  client.updated_at = row.instant();
  return document;
}

model::Client read_client(RowReader row) { return std::move(read_row(row).client); }

ClientCredential read_credential(RowReader row) {
  return {.id = row.text(),
          .client = row.id<ClientId>(),
          .doc = row.text(),
          .spki_pem = row.text(),
          .created_at = row.instant()};
}

void remove_origins(db::Transaction& tx, const TenantId& tenant, const ClientId& id) {
  tx.execute("DELETE FROM client_origins WHERE tenant = ?1 AND client_id = ?2", {tenant, id});
}

void insert_origins(db::Transaction& tx, const TenantId& tenant, const model::Client& client) {
  for (const RegisteredOrigin& origin : registered_origins(client))
    tx.execute("INSERT INTO client_origins (tenant, origin, pattern, client_id) VALUES (?1, ?2, ?3, ?4)",
               {tenant, origin.key, origin.pattern, client.id});
}

struct GrantInSession {
  GrantOfUser grant;
  SessionId session;
};

GrantInSession read_grant(RowReader row) {
  return {.grant = {row.id<GrantId>(), row.id<UserId>()}, .session = row.id<SessionId>()};
}

// Grants are found through the connections: an index of their own would cost every login. They lead to the codes and to
// the sessions that know the client.
void remove_grants_of(db::Transaction& tx, const TenantId& tenant, const ClientId& client) {
  const auto found = read_all(tx.query("SELECT id, user_id, session_id FROM grants WHERE tenant = ?1 AND client_id = ?2"
                                       " AND connection_id IN (SELECT id FROM connections WHERE tenant = ?1"
                                       " UNION ALL SELECT '')",
                                       {tenant, client}),
                              read_grant);
  std::vector<GrantOfUser> some;
  for (const GrantInSession& one : found) {
    tx.execute("DELETE FROM session_clients WHERE tenant = ?1 AND session_id = ?2 AND client_id = ?3",
               {tenant, one.session, client});
    some.push_back(one.grant);
    if (some.size() < kMostGrantsAtOnce) continue;
    remove_grants(tx, tenant, some);
    some.clear();
  }
  remove_grants(tx, tenant, some);
}

}  // namespace

std::optional<model::Client> ClientStore::find(const ClientId& id) {
  static const std::string kSql =
      "SELECT " + std::string(kColumns) + " FROM clients WHERE tenant = ?1 AND client_id = ?2";
  auto found = read_one(tx_.query(kSql, {tenant_, id}), read_row);
  if (!found) return std::nullopt;
  if (!found->credentials.empty()) {
    for (ClientCredential& credential : list_credentials(id)) {
      const auto use = std::ranges::find(found->credentials, credential.id, &CredentialUse::id);
      if (use == found->credentials.end()) continue;
      found->client.keys.push_back(client_key_from(*use, credential.doc, std::move(credential.spki_pem)));
    }
  }
  return std::move(found->client);
}

Page<model::Client> ClientStore::list(const ClientFilter& filter, const Window& window) {
  ListQuery query("clients", "seq");
  query.where("tenant", tenant_);
  if (filter.is_global) query.where("is_global", *filter.is_global);
  if (filter.is_first_party) query.where("is_first_party", *filter.is_first_party);
  query.where_in("app_type", filter.app_types);
  return read_page(tx_, query, kColumns, window, read_client);
}

Insert ClientStore::insert(const model::Client& client) {
  const auto inserted = tx_.execute(
      "INSERT INTO clients (tenant, client_id, seq, name, app_type, is_first_party, is_global, secret_hash, secret, "
      "doc,"
      " version, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
      " ON CONFLICT DO NOTHING",
      {tenant_, client.id, next_number(tx_, tenant_, "clients"), client.name, client.app_type, client.first_party,
       client.global, bind(client.secret_hash), bind(client.secret), client.doc, client.version, client.created_at,
       client.updated_at});
  if (inserted == 0) return Insert::duplicate;
  insert_origins(tx_, tenant_, client);
  if (!client.global) LoginPolicyStore(tx_, tenant_).offer_to(client.id);
  return Insert::done;
}

Update ClientStore::update(const model::Client& client, std::int64_t based_on) {
  const auto changed = tx_.execute(
      "UPDATE clients SET name = ?4, app_type = ?5, is_first_party = ?6, is_global = ?7, secret_hash = ?8, secret = ?9,"
      " doc = ?10, version = version + 1, updated_at = ?11 WHERE tenant = ?1 AND client_id = ?2 AND version = ?3",
      {tenant_, client.id, based_on, client.name, client.app_type, client.first_party, client.global,
       bind(client.secret_hash), bind(client.secret), client.doc, client.updated_at});
  const Update outcome = outcome_of(changed, [&] {
    return tx_.query_one("SELECT 1 FROM clients WHERE tenant = ?1 AND client_id = ?2", {tenant_, client.id})
        .has_value();
  });
  if (outcome != Update::done) return outcome;
  remove_origins(tx_, tenant_, client.id);
  insert_origins(tx_, tenant_, client);
  return outcome;
}

bool ClientStore::remove(const ClientId& id) {
  if (tx_.execute("DELETE FROM clients WHERE tenant = ?1 AND client_id = ?2", {tenant_, id}) == 0) return false;
  remove_grants_of(tx_, tenant_, id);
  tx_.execute("DELETE FROM consents WHERE tenant = ?1 AND client_id = ?2", {tenant_, id});
  tx_.execute("DELETE FROM connection_clients WHERE tenant = ?1 AND client_id = ?2", {tenant_, id});
  tx_.execute("DELETE FROM client_grants WHERE tenant = ?1 AND client_id = ?2", {tenant_, id});
  tx_.execute("DELETE FROM client_credentials WHERE tenant = ?1 AND client_id = ?2", {tenant_, id});
  tx_.execute("DELETE FROM tickets WHERE tenant = ?1 AND subject = ?2", {tenant_, id});
  remove_origins(tx_, tenant_, id);
  return true;
}

bool ClientStore::is_known_origin(std::string_view origin) {
  const auto rows = tx_.query("SELECT pattern FROM client_origins WHERE tenant = ?1 AND origin IN (?2, ?3)",
                              {tenant_, origin, wildcard_key(origin).value_or(std::string(origin))});
  return std::ranges::any_of(rows, [&](const db::Row& row) { return matches_origin(row.text(0), origin); });
}

std::vector<model::Client> ClientStore::list_with_origin(std::string_view origin) {
  static const std::string kSql = "SELECT " + std::string(kColumns) +
                                  " FROM clients WHERE tenant = ?1 AND client_id IN (SELECT client_id FROM"
                                  " client_origins WHERE tenant = ?1 AND origin IN (?2, ?3)) ORDER BY seq LIMIT 20";
  auto clients = read_all(
      tx_.query(kSql, {tenant_, origin, wildcard_key(origin).value_or(std::string(origin))}), read_client);
  std::erase_if(clients, [&](const model::Client& client) {
    return std::ranges::none_of(registered_origins(client), [&](const RegisteredOrigin& registered) {
      return matches_origin(registered.pattern, origin);
    });
  });
  return clients;
}

std::vector<ClientCredential> ClientStore::list_credentials(const ClientId& client) {
  return read_all(tx_.query("SELECT id, client_id, doc, spki_pem, created_at FROM client_credentials"
                            " WHERE tenant = ?1 AND client_id = ?2 ORDER BY created_at, id",
                            {tenant_, client}),
                  read_credential);
}

std::optional<ClientCredential> ClientStore::find_credential(const ClientId& client, std::string_view id) {
  return read_one(tx_.query("SELECT id, client_id, doc, spki_pem, created_at FROM client_credentials"
                            " WHERE tenant = ?1 AND client_id = ?2 AND id = ?3",
                            {tenant_, client, id}),
                  read_credential);
}

Insert ClientStore::insert_credential(const ClientCredential& credential) {
  const auto inserted = tx_.execute(
      "INSERT INTO client_credentials (tenant, client_id, id, doc, spki_pem, created_at)"
      " SELECT tenant, client_id, ?3, ?4, ?5, ?6 FROM clients WHERE tenant = ?1 AND client_id = ?2 ON CONFLICT DO "
      "NOTHING",
      {tenant_, credential.client, credential.id, credential.doc, credential.spki_pem, credential.created_at});
  if (inserted > 0) return Insert::done;
  if (!find_credential(credential.client, credential.id))
    throw std::logic_error("a credential for a client that does not exist");
  return Insert::duplicate;
}

bool ClientStore::update_credential(const ClientCredential& credential) {
  return tx_.execute(
             "UPDATE client_credentials SET doc = ?4, spki_pem = ?5 WHERE tenant = ?1 AND client_id = ?2"
             " AND id = ?3",
             {tenant_, credential.client, credential.id, credential.doc, credential.spki_pem}) > 0;
}

bool ClientStore::remove_credential(const ClientId& client, std::string_view id) {
  return tx_.execute("DELETE FROM client_credentials WHERE tenant = ?1 AND client_id = ?2 AND id = ?3",
                     {tenant_, client, id}) > 0;
}

}  // namespace symbolon::store
