#include "store/service_user_store.h"

#include <string>

#include "base/text.h"
#include "store/row_reader.h"

namespace symbolon::store {
namespace {

constexpr std::string_view kColumns = "tenant, id, org_id, username, name, secret_hash, created_at";

model::ServiceUser read_user(RowReader row) {
  return {.tenant = row.id<TenantId>(),
          .id = row.id<model::ServiceUserId>(),
          .organisation = row.id<model::OrganisationId>(),
          .username = row.text(),
          .name = row.text(),
          .secret_hash = row.bytes<model::ClientSecretHash>(),
          .created_at = row.instant()};
}

model::ServiceUserKey read_key(RowReader row) {
  return {.id = row.text(),
          .user = row.id<model::ServiceUserId>(),
          .algorithm = row.text(),
          .spki_pem = row.text(),
          .created_at = row.instant(),
          .expires_at = row.optional_instant()};
}

model::ServiceToken read_token(RowReader row) {
  return {.hash = row.bytes<model::ServiceTokenHash>(),
          .id = row.text(),
          .user = row.id<model::ServiceUserId>(),
          .personal = row.flag(),
          .scope = row.words(),
          .created_at = row.instant(),
          .expires_at = row.optional_instant()};
}

}  // namespace

std::optional<model::ServiceUser> ServiceUserStore::find(const model::ServiceUserId& id) {
  static const std::string kSql =
      "SELECT " + std::string(kColumns) + " FROM service_users WHERE tenant = ?1 AND id = ?2";
  return read_one(tx_.query(kSql, {tenant_, id}), read_user);
}

std::optional<model::ServiceUser> ServiceUserStore::find_by_username(std::string_view username) {
  static const std::string kSql =
      "SELECT " + std::string(kColumns) + " FROM service_users WHERE tenant = ?1 AND username_folded = ?2";
  return read_one(tx_.query(kSql, {tenant_, to_lower_ascii(username)}), read_user);
}

std::vector<model::ServiceUser> ServiceUserStore::list() {
  static const std::string kSql =
      "SELECT " + std::string(kColumns) + " FROM service_users WHERE tenant = ?1 ORDER BY username_folded";
  return read_all(tx_.query(kSql, {tenant_}), read_user);
}

Insert ServiceUserStore::insert(const model::ServiceUser& user) {
  const auto inserted = tx_.execute(
      "INSERT INTO service_users (tenant, id, org_id, username, username_folded, name, secret_hash, created_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
      {tenant_, user.id, user.organisation, user.username, to_lower_ascii(user.username), user.name,
       bind(user.secret_hash), user.created_at});
  return inserted > 0 ? Insert::done : Insert::duplicate;
}

bool ServiceUserStore::remove(const model::ServiceUserId& id) {
  tx_.execute("DELETE FROM service_tokens WHERE tenant = ?1 AND user_id = ?2", {tenant_, id});
  tx_.execute("DELETE FROM service_user_keys WHERE tenant = ?1 AND user_id = ?2", {tenant_, id});
  tx_.execute("DELETE FROM memberships WHERE tenant = ?1 AND user_id = ?2", {tenant_, id});
  return tx_.execute("DELETE FROM service_users WHERE tenant = ?1 AND id = ?2", {tenant_, id}) > 0;
}

void ServiceUserStore::insert_key(const model::ServiceUserKey& key) {
  tx_.execute(
      "INSERT INTO service_user_keys (tenant, id, user_id, algorithm, spki_pem, created_at, expires_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      {tenant_, key.id, key.user, key.algorithm, key.spki_pem, key.created_at, key.expires_at});
}

std::optional<model::ServiceUserKey> ServiceUserStore::find_key(const model::ServiceUserId& user, std::string_view id,
                                                                Instant now) {
  return read_one(
      tx_.query("SELECT id, user_id, algorithm, spki_pem, created_at, expires_at FROM service_user_keys"
                " WHERE tenant = ?1 AND id = ?2 AND user_id = ?3 AND (expires_at IS NULL OR expires_at > ?4)",
                {tenant_, id, user, now}),
      read_key);
}

void ServiceUserStore::insert_token(const model::ServiceToken& token) {
  tx_.execute(
      "INSERT INTO service_tokens (tenant, hash, id, user_id, is_personal, scope, created_at, expires_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      {tenant_, bind(token.hash), token.id, token.user, token.personal, join(token.scope, " "), token.created_at,
       token.expires_at});
}

std::optional<model::ServiceToken> ServiceUserStore::find_live_token(const model::ServiceTokenHash& hash, Instant now) {
  return read_one(
      tx_.query("SELECT hash, id, user_id, is_personal, scope, created_at, expires_at FROM service_tokens"
                " WHERE tenant = ?1 AND hash = ?2 AND (expires_at IS NULL OR expires_at > ?3)",
                {tenant_, bind(hash), now}),
      read_token);
}

bool ServiceUserStore::remove_token(const model::ServiceTokenHash& hash) {
  return tx_.execute("DELETE FROM service_tokens WHERE tenant = ?1 AND hash = ?2", {tenant_, bind(hash)}) > 0;
}

}  // namespace symbolon::store
