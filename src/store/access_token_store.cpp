#include "base/text.h"
#include "store/grant_store.h"
#include "store/row_reader.h"

namespace symbolon::store {
namespace {

model::AccessToken read_token(RowReader row) {
  return {.hash = row.bytes<model::AccessTokenHash>(),
          .grant = row.id<GrantId>(),
          .client = row.id<ClientId>(),
          .user = row.id<UserId>(),
          .base_url = row.text(),
          .scope = row.words(),
          .issued_at = row.instant(),
          .expires_at = row.instant()};
}

}  // namespace

void AccessTokenStore::insert(const model::AccessToken& token) {
  tx_.execute(
      "INSERT INTO access_tokens (tenant, hash, grant_id, client_id, user_id, base_url, scope, issued_at, expires_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      {tenant_, bind(token.hash), token.grant, token.client, token.user, token.base_url, join(token.scope, " "),
       token.issued_at, token.expires_at});
}

std::optional<model::AccessToken> AccessTokenStore::find_live(const model::AccessTokenHash& hash, Instant now) {
  return read_one(tx_.query("SELECT t.hash, t.grant_id, t.client_id, t.user_id, t.base_url, t.scope, t.issued_at,"
                            " t.expires_at FROM access_tokens t"
                            " JOIN grants g ON g.tenant = t.tenant AND g.id = t.grant_id"
                            " WHERE t.tenant = ?1 AND t.hash = ?2 AND t.expires_at > ?3 AND g.revoked_at IS NULL",
                            {tenant_, bind(hash), now}),
                  read_token);
}

std::optional<model::AccessToken> AccessTokenStore::find(const model::AccessTokenHash& hash) {
  return read_one(tx_.query("SELECT hash, grant_id, client_id, user_id, base_url, scope, issued_at, expires_at"
                            " FROM access_tokens WHERE tenant = ?1 AND hash = ?2",
                            {tenant_, bind(hash)}),
                  read_token);
}

bool AccessTokenStore::remove(const model::AccessTokenHash& hash) {
  return tx_.execute("DELETE FROM access_tokens WHERE tenant = ?1 AND hash = ?2", {tenant_, bind(hash)}) > 0;
}

void AccessTokenStore::remove_of_session(const UserId& user, const SessionId& session) {
  tx_.execute(
      "DELETE FROM access_tokens WHERE tenant = ?1 AND grant_id IN (SELECT id FROM grants g WHERE g.tenant = ?1"
      " AND g.user_id = ?2 AND g.session_id = ?3 AND NOT EXISTS (SELECT 1 FROM refresh_tokens r"
      " WHERE r.tenant = g.tenant AND r.grant_id = g.id))",
      {tenant_, user, session});
}

}  // namespace symbolon::store
