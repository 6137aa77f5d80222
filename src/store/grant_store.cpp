#include "store/grant_store.h"

#include "base/text.h"
#include "store/row_reader.h"

namespace symbolon::store {
namespace {

std::string pack_claims(const model::RequestedClaims& claims) {
  return claims.empty() ? std::string() : join(claims.id_token, " ") + "," + join(claims.userinfo, " ");
}

model::RequestedClaims unpack_claims(std::string_view packed) {
  const auto comma = packed.find(',');
  if (comma == std::string_view::npos) return {};
  return {split_words(packed.substr(0, comma)), split_words(packed.substr(comma + 1))};
}

// How much longer than needed a grant is kept, so that not every refresh has to move its end.
constexpr std::chrono::days kExtensionAhead{1};

model::Grant read_grant(RowReader row) {
  return {.tenant = row.id<TenantId>(),
          .id = row.id<GrantId>(),
          .client = row.id<ClientId>(),
          .user = row.id<UserId>(),
          .session = row.id<SessionId>(),
          .connection = row.id<ConnectionId>(),
          .base_url = row.text(),
          .scope = row.words(),
          .audience = row.text(),
          .created_at = row.instant(),
          .auth_time = row.instant(),
          .acr = row.text(),
          .amr = row.list(),
          .session_expiry = row.optional_instant(),
          .login_claims = row.text(),
          .claims = unpack_claims(row.text()),
          .revoked_at = row.optional_instant(),
          .expires_at = row.instant()};
}

}  // namespace

void GrantStore::insert(const model::Grant& grant) {
  tx_.execute(
      "INSERT INTO grants (tenant, id, client_id, user_id, session_id, connection_id, base_url, scope, audience,"
      " created_at, auth_time, acr, amr, session_expiry, login_claims, requested_claims, revoked_at,"
      " expires_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
      {tenant_, grant.id, grant.client, grant.user, grant.session, grant.connection, grant.base_url,
       join(grant.scope, " "), grant.audience, grant.created_at, grant.auth_time, grant.acr, pack_list(grant.amr),
       grant.session_expiry, grant.login_claims, pack_claims(grant.claims), grant.revoked_at, grant.expires_at});
}

std::optional<model::Grant> GrantStore::find(const GrantId& id) {
  return read_one(tx_.query("SELECT tenant, id, client_id, user_id, session_id, connection_id, base_url, scope,"
                            " audience, created_at, auth_time, acr, amr, session_expiry, login_claims,"
                            " requested_claims, revoked_at, expires_at FROM grants WHERE tenant = ?1 AND id = ?2",
                            {tenant_, id}),
                  read_grant);
}

bool GrantStore::revoke(const GrantId& id, Instant now) {
  const bool revoked = tx_.execute(
                           "UPDATE grants SET revoked_at = ?3 WHERE tenant = ?1 AND id = ?2"
                           " AND revoked_at IS NULL",
                           {tenant_, id, now}) > 0;
  if (!revoked) return false;
  // CodeStore::take and AccessTokenStore::find_live look at the grant; tokens go as well, so that no other reader has
  // to.
  tx_.execute("DELETE FROM access_tokens WHERE tenant = ?1 AND grant_id = ?2", {tenant_, id});
  tx_.execute("DELETE FROM refresh_tokens WHERE tenant = ?1 AND grant_id = ?2", {tenant_, id});
  return true;
}

void GrantStore::revoke_of_user(const UserId& user, Instant now) {
  tx_.execute(
      "DELETE FROM access_tokens WHERE tenant = ?1 AND grant_id IN"
      " (SELECT id FROM grants WHERE tenant = ?1 AND user_id = ?2)",
      {tenant_, user});
  tx_.execute("DELETE FROM refresh_tokens WHERE tenant = ?1 AND user_id = ?2", {tenant_, user});
  tx_.execute("UPDATE grants SET revoked_at = ?3 WHERE tenant = ?1 AND user_id = ?2 AND revoked_at IS NULL",
              {tenant_, user, now});
}

void GrantStore::extend(const model::Grant& grant, Instant needed_until) {
  if (grant.expires_at >= needed_until) return;
  tx_.execute("UPDATE grants SET expires_at = ?3 WHERE tenant = ?1 AND id = ?2 AND expires_at < ?3",
              {tenant_, grant.id, needed_until + kExtensionAhead});
}

}  // namespace symbolon::store
