#include "store/refresh_token_store.h"

#include "base/text.h"
#include "store/list_query.h"
#include "store/sequence.h"

namespace symbolon::store {
namespace {

constexpr std::string_view kColumns =
    "id, hash, family, grant_id, client_id, user_id, session_id, base_url, rotating, online, created_at, last_used_at,"
    " expires_at, idle_expires_at, replaced_at, generation";

std::string select(std::string_view rest) {
  std::string sql = "SELECT ";
  sql += kColumns;
  sql += rest;
  return sql;
}

model::RefreshToken read_token(RowReader row) {
  return {.id = row.text(),
          .hash = row.bytes<model::RefreshTokenHash>(),
          .family = row.text(),
          .grant = row.id<GrantId>(),
          .client = row.id<ClientId>(),
          .user = row.id<UserId>(),
          .session = row.id<SessionId>(),
          .base_url = row.text(),
          .rotating = row.flag(),
          .online = row.flag(),
          .created_at = row.instant(),
          .last_used_at = row.instant(),
          .expires_at = row.optional_instant(),
          .idle_expires_at = row.optional_instant(),
          .replaced_at = row.optional_instant(),
          .generation = row.integer()};
}

}  // namespace

void RefreshTokenStore::insert(const model::RefreshToken& token) {
  // What an administrator noted on a token stays with its successors. A family is found through its grant, which has
  // one family at a time: an index of its own would cost every rotation.
  tx_.execute(
      "INSERT INTO refresh_tokens (tenant, hash, id, position, family, generation, grant_id, client_id, user_id,"
      " session_id, base_url, rotating, online, created_at, last_used_at, expires_at, idle_expires_at, replaced_at,"
      " metadata) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
      " COALESCE((SELECT metadata FROM refresh_tokens WHERE tenant = ?1 AND grant_id = ?7 AND family = ?5"
      " ORDER BY generation DESC LIMIT 1), ''))",
      {tenant_, bind(token.hash), token.id, position_of(token.created_at, token.id), token.family, token.generation,
       token.grant, token.client, token.user, token.session, token.base_url, token.rotating, token.online,
       token.created_at, token.last_used_at, token.expires_at, token.idle_expires_at, token.replaced_at});
}

std::optional<model::RefreshToken> RefreshTokenStore::find(const model::RefreshTokenHash& hash) {
  static const std::string kSql = select(" FROM refresh_tokens WHERE tenant = ?1 AND hash = ?2");
  return read_one(tx_.query(kSql, {tenant_, bind(hash)}), read_token);
}

std::optional<model::RefreshToken> RefreshTokenStore::find_by_id(std::string_view id) {
  static const std::string kSql = select(" FROM refresh_tokens WHERE tenant = ?1 AND id = ?2");
  return read_one(tx_.query(kSql, {tenant_, id}), read_token);
}

std::int64_t RefreshTokenStore::newest_generation(const model::RefreshToken& token) {
  return tx_
      .query_one("SELECT COALESCE(MAX(generation), -1) FROM refresh_tokens WHERE tenant = ?1 AND grant_id = ?2"
                 " AND family = ?3",
                 {tenant_, token.grant, token.family})
      .value()
      .integer(0);
}

bool RefreshTokenStore::take_newest(const model::RefreshTokenHash& hash, Instant now) {
  return tx_.execute(
             "UPDATE refresh_tokens SET replaced_at = ?3, last_used_at = ?3 WHERE tenant = ?1 AND hash = ?2"
             " AND replaced_at IS NULL AND NOT EXISTS (SELECT 1 FROM refresh_tokens newer"
             " WHERE newer.tenant = refresh_tokens.tenant AND newer.grant_id = refresh_tokens.grant_id"
             " AND newer.family = refresh_tokens.family AND newer.generation > refresh_tokens.generation)",
             {tenant_, bind(hash), now}) > 0;
}

void RefreshTokenStore::retire_generation(const model::RefreshToken& token, Instant now) {
  tx_.execute(
      "UPDATE refresh_tokens SET replaced_at = ?5 WHERE tenant = ?1 AND grant_id = ?2 AND family = ?3"
      " AND generation = ?4 AND replaced_at IS NULL",
      {tenant_, token.grant, token.family, token.generation, now});
}

void RefreshTokenStore::touch(const model::RefreshTokenHash& hash, Instant now, std::optional<Instant> idle_expires_at,
                              std::optional<Instant> expires_at) {
  tx_.execute(
      "UPDATE refresh_tokens SET last_used_at = ?3, idle_expires_at = ?4, expires_at = ?5"
      " WHERE tenant = ?1 AND hash = ?2",
      {tenant_, bind(hash), now, idle_expires_at, expires_at});
}

void RefreshTokenStore::forget_before(const model::RefreshToken& token, std::int64_t generation) {
  tx_.execute("DELETE FROM refresh_tokens WHERE tenant = ?1 AND grant_id = ?2 AND family = ?3 AND generation < ?4",
              {tenant_, token.grant, token.family, generation});
}

std::int64_t RefreshTokenStore::revoke_family(const model::RefreshToken& token) {
  return tx_.execute("DELETE FROM refresh_tokens WHERE tenant = ?1 AND grant_id = ?2 AND family = ?3",
                     {tenant_, token.grant, token.family});
}

std::int64_t RefreshTokenStore::revoke_of_user(const UserId& user) {
  return tx_.execute("DELETE FROM refresh_tokens WHERE tenant = ?1 AND user_id = ?2", {tenant_, user});
}

std::int64_t RefreshTokenStore::revoke_of_user_and_client(const UserId& user, const ClientId& client) {
  return tx_.execute("DELETE FROM refresh_tokens WHERE tenant = ?1 AND user_id = ?2 AND client_id = ?3",
                     {tenant_, user, client});
}

std::int64_t RefreshTokenStore::revoke_of_user_client_audience(const UserId& user, const ClientId& client,
                                                               std::string_view audience) {
  return tx_.execute(
      "DELETE FROM refresh_tokens WHERE tenant = ?1 AND user_id = ?2 AND client_id = ?3 AND EXISTS"
      " (SELECT 1 FROM grants g WHERE g.tenant = refresh_tokens.tenant"
      " AND g.id = refresh_tokens.grant_id AND g.audience = ?4)",
      {tenant_, user, client, audience});
}

std::int64_t RefreshTokenStore::revoke_unrotating(const UserId& user, const ClientId& client,
                                                  std::string_view audience) {
  return tx_.execute(
      "DELETE FROM refresh_tokens WHERE tenant = ?1 AND user_id = ?2 AND client_id = ?3 AND rotating = 0 AND EXISTS"
      " (SELECT 1 FROM grants g WHERE g.tenant = refresh_tokens.tenant"
      " AND g.id = refresh_tokens.grant_id AND g.audience = ?4)",
      {tenant_, user, client, audience});
}

std::int64_t RefreshTokenStore::revoke_of_user_and_connection(const UserId& user, const ConnectionId& connection) {
  return tx_.execute(
      "DELETE FROM refresh_tokens WHERE tenant = ?1 AND user_id = ?2 AND EXISTS"
      " (SELECT 1 FROM grants g WHERE g.tenant = refresh_tokens.tenant"
      " AND g.id = refresh_tokens.grant_id AND g.connection_id = ?3)",
      {tenant_, user, connection});
}

std::int64_t RefreshTokenStore::revoke_of_session(const UserId& user, const SessionId& session, bool online_only) {
  return tx_.execute(
      "DELETE FROM refresh_tokens WHERE tenant = ?1 AND user_id = ?2 AND session_id = ?3 AND (online = 1 OR ?4 = 0)",
      {tenant_, user, session, online_only});
}

void RefreshTokenStore::drop_oldest(const UserId& user, const ClientId& client, std::int64_t keep) {
  // A family is as new as its last token, so that one which is in use outlives one that was forgotten.
  const auto newest_first = read_all(
      tx_.query("SELECT family, grant_id FROM refresh_tokens WHERE tenant = ?1 AND user_id = ?2 AND client_id = ?3"
                " AND replaced_at IS NULL ORDER BY position DESC",
                {tenant_, user, client}),
      [](RowReader row) {
        model::RefreshToken token;
        token.family = row.text();
        token.grant = row.id<GrantId>();
        return token;
      });
  std::vector<std::string> kept;
  for (const model::RefreshToken& token : newest_first) {
    if (contains(kept, token.family)) continue;
    if (std::cmp_less(kept.size(), keep)) {
      kept.push_back(token.family);
    } else {
      revoke_family(token);
    }
  }
}

Page<model::RefreshToken> RefreshTokenStore::list_by_user(const UserId& user, const ClientId& client,
                                                          const Window& window) {
  ListQuery query("refresh_tokens", "position");
  query.where("tenant", tenant_).where("user_id", user);
  if (!client.empty()) query.where("client_id", client);
  query.where("replaced_at IS NULL");
  return read_page(tx_, query, kColumns, window, read_token);
}

bool RefreshTokenStore::set_metadata(std::string_view id, std::string_view metadata) {
  return tx_.execute("UPDATE refresh_tokens SET metadata = ?3 WHERE tenant = ?1 AND id = ?2", {tenant_, id, metadata}) >
         0;
}

std::string RefreshTokenStore::metadata(std::string_view id) {
  auto row = tx_.query_one("SELECT metadata FROM refresh_tokens WHERE tenant = ?1 AND id = ?2", {tenant_, id});
  return row ? row->take_text(0) : std::string();
}

}  // namespace symbolon::store
