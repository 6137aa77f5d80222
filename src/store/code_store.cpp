#include <stdexcept>

#include "store/grant_store.h"
#include "store/row_reader.h"

namespace symbolon::store {
namespace {

model::AuthorizationCode read_code(RowReader row) {
  return {.hash = row.bytes<model::CodeHash>(),
          .grant = row.id<GrantId>(),
          .client = row.id<ClientId>(),
          .base_url = row.text(),
          .redirect_uri = row.text(),
          .redirect_uri_was_sent = row.flag(),
          .challenge = row.text(),
          .challenge_method = row.text(),
          .nonce = row.text(),
          .expires_at = row.instant()};
}

}  // namespace

void CodeStore::insert(const model::AuthorizationCode& code) {
  const auto inserted = tx_.execute(
      "INSERT INTO authorization_codes (tenant, hash, grant_id, client_id, user_id, session_id, base_url, redirect_uri,"
      " redirect_uri_was_sent, challenge, challenge_method, nonce, expires_at)"
      " SELECT tenant, ?2, id, ?4, user_id, session_id, ?5, ?6, ?7, ?8, ?9, ?10, ?11"
      " FROM grants WHERE tenant = ?1 AND id = ?3",
      {tenant_, bind(code.hash), code.grant, code.client, code.base_url, code.redirect_uri, code.redirect_uri_was_sent,
       code.challenge, code.challenge_method, code.nonce, code.expires_at});
  if (inserted == 0) throw std::logic_error("a code for a grant that does not exist");
}

std::optional<model::AuthorizationCode> CodeStore::take(const model::CodeHash& hash, Instant now) {
  return read_one(
      tx_.query("UPDATE authorization_codes SET used_at = ?3 WHERE tenant = ?1 AND hash = ?2 AND used_at IS NULL"
                " AND NOT EXISTS (SELECT 1 FROM grants WHERE grants.tenant = authorization_codes.tenant"
                " AND grants.id = authorization_codes.grant_id AND grants.revoked_at IS NOT NULL)"
                " RETURNING hash, grant_id, client_id, base_url, redirect_uri, redirect_uri_was_sent, challenge,"
                " challenge_method, nonce, expires_at",
                {tenant_, bind(hash), now}),
      read_code);
}

std::optional<GrantId> CodeStore::find_used(const model::CodeHash& hash) {
  return read_one(tx_.query("SELECT grant_id FROM authorization_codes WHERE tenant = ?1 AND hash = ?2"
                            " AND used_at IS NOT NULL",
                            {tenant_, bind(hash)}),
                  [](RowReader row) { return row.id<GrantId>(); });
}

void CodeStore::cancel_of_session(const UserId& user, const SessionId& session, Instant now) {
  tx_.execute(
      "UPDATE authorization_codes SET used_at = ?4 WHERE tenant = ?1 AND user_id = ?2 AND session_id = ?3"
      " AND used_at IS NULL",
      {tenant_, user, session, now});
}

void CodeStore::cancel_of_user(const UserId& user, Instant now) {
  tx_.execute("UPDATE authorization_codes SET used_at = ?3 WHERE tenant = ?1 AND user_id = ?2 AND used_at IS NULL",
              {tenant_, user, now});
}

}  // namespace symbolon::store
