#include "store/login_policy_store.h"

#include "store/row_reader.h"
#include "store/sequence.h"

namespace symbolon::store {
namespace {

model::LoginPolicy read_policy(RowReader row) {
  return {.tenant = row.id<TenantId>(),
          .owner = row.id<model::OrganisationId>(),
          .offers_providers = row.flag(),
          .doc = row.text(),
          .version = row.integer(),
          .created_at = row.instant(),
          .updated_at = row.instant()};
}

}  // namespace

std::optional<model::LoginPolicy> LoginPolicyStore::find(const model::OrganisationId& owner) {
  return read_one(tx_.query("SELECT tenant, owner, offers_providers, doc, version, created_at, updated_at FROM login_policies"
                            " WHERE tenant = ?1 AND owner = ?2",
                            {tenant_, owner}),
                  read_policy);
}

Insert LoginPolicyStore::insert(const model::LoginPolicy& policy) {
  const auto inserted = tx_.execute(
      "INSERT INTO login_policies (tenant, owner, offers_providers, doc, version, created_at, updated_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
      {tenant_, policy.owner, policy.offers_providers, policy.doc, policy.version, policy.created_at, policy.updated_at});
  return inserted > 0 ? Insert::done : Insert::duplicate;
}

bool LoginPolicyStore::update(const model::LoginPolicy& policy) {
  return tx_.execute(
             "UPDATE login_policies SET offers_providers = ?3, doc = ?4, version = version + 1, updated_at = ?5"
             " WHERE tenant = ?1 AND owner = ?2",
             {tenant_, policy.owner, policy.offers_providers, policy.doc, policy.updated_at}) > 0;
}

bool LoginPolicyStore::remove(const model::OrganisationId& owner) {
  tx_.execute("DELETE FROM login_policy_providers WHERE tenant = ?1 AND owner = ?2", {tenant_, owner});
  return tx_.execute("DELETE FROM login_policies WHERE tenant = ?1 AND owner = ?2", {tenant_, owner}) > 0;
}

std::vector<ConnectionId> LoginPolicyStore::providers(const model::OrganisationId& owner) {
  return read_all(tx_.query("SELECT connection_id FROM login_policy_providers WHERE tenant = ?1 AND owner = ?2"
                            " ORDER BY seq",
                            {tenant_, owner}),
                  [](RowReader row) { return row.id<ConnectionId>(); });
}

Insert LoginPolicyStore::add_provider(const model::OrganisationId& owner, const ConnectionId& connection) {
  const auto inserted = tx_.execute(
      "INSERT INTO login_policy_providers (tenant, owner, connection_id, seq) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT DO NOTHING",
      {tenant_, owner, connection, next_number(tx_, tenant_, "login_policy_providers")});
  return inserted > 0 ? Insert::done : Insert::duplicate;
}

bool LoginPolicyStore::remove_provider(const model::OrganisationId& owner, const ConnectionId& connection) {
  return tx_.execute(
             "DELETE FROM login_policy_providers WHERE tenant = ?1 AND owner = ?2 AND connection_id = ?3",
             {tenant_, owner, connection}) > 0;
}

void LoginPolicyStore::offer(const ConnectionId& connection) {
  tx_.execute(
      "INSERT INTO connection_clients (tenant, client_id, connection_id, seq, by_hand, by_policy)"
      " SELECT a.tenant, a.client_id, c.id, c.seq, 0, 1 FROM connections c CROSS JOIN clients a"
      " WHERE c.tenant = ?1 AND c.id = ?2 AND a.tenant = ?1 AND a.is_global = 0"
      " ON CONFLICT (tenant, client_id, connection_id) DO UPDATE SET by_policy = 1",
      {tenant_, connection});
}

void LoginPolicyStore::withdraw(const ConnectionId& connection) {
  tx_.execute("DELETE FROM connection_clients WHERE tenant = ?1 AND connection_id = ?2 AND by_hand = 0",
              {tenant_, connection});
  tx_.execute("UPDATE connection_clients SET by_policy = 0 WHERE tenant = ?1 AND connection_id = ?2",
              {tenant_, connection});
}

void LoginPolicyStore::offer_to(const ClientId& client) {
  tx_.execute(
      "INSERT INTO connection_clients (tenant, client_id, connection_id, seq, by_hand, by_policy)"
      " SELECT c.tenant, ?2, c.id, c.seq, 0, 1 FROM login_policy_providers p CROSS JOIN login_policies l"
      " CROSS JOIN connections c WHERE p.tenant = ?1 AND p.owner = ?3"
      " AND l.tenant = p.tenant AND l.owner = p.owner AND l.offers_providers = 1"
      " AND c.tenant = p.tenant AND c.id = p.connection_id"
      " ON CONFLICT (tenant, client_id, connection_id) DO UPDATE SET by_policy = 1",
      {tenant_, client, default_policy_owner(tx_, tenant_)});
}

model::OrganisationId default_policy_owner(db::Transaction& tx, const TenantId& tenant) {
  const auto own = tx.query_one(
      "SELECT p.owner FROM organisations o CROSS JOIN login_policies p"
      " WHERE o.tenant = ?1 AND o.is_default = 1 AND p.tenant = ?1 AND p.owner = o.id",
      {tenant});
  return own ? model::OrganisationId(own->text(0)) : model::OrganisationId();
}

}  // namespace symbolon::store
