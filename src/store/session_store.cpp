#include "store/session_store.h"

#include "store/list_query.h"
#include "store/sequence.h"

namespace symbolon::store {
namespace {

constexpr std::string_view kColumns =
    "tenant, id, user_id, connection_id, base_url, cookie, previous_cookie, previous_cookie_until, created_at,"
    " updated_at, authenticated_at, last_interacted_at, idle_expires_at, expires_at, persistent, upstream_expiry,"
    " upstream_issuer, upstream_subject, upstream_sid, upstream_id_token, acr, amr, initial_user_agent, initial_ip,"
    " last_user_agent, last_ip, metadata";

std::string select(std::string_view rest) {
  std::string sql = "SELECT ";
  sql += kColumns;
  sql += rest;
  return sql;
}

model::Session read_session(RowReader row) {
  return {.tenant = row.id<TenantId>(),
          .id = row.id<SessionId>(),
          .user = row.id<UserId>(),
          .connection = row.id<ConnectionId>(),
          .base_url = row.text(),
          .cookie = row.bytes<model::SessionCookieHash>(),
          .previous_cookie = row.bytes<model::SessionCookieHash>(),
          .previous_cookie_until = row.instant(),
          .created_at = row.instant(),
          .updated_at = row.instant(),
          .authenticated_at = row.instant(),
          .last_interacted_at = row.instant(),
          .idle_expires_at = row.instant(),
          .expires_at = row.instant(),
          .persistent = row.flag(),
          .upstream_expiry = row.optional_instant(),
          .upstream_issuer = row.text(),
          .upstream_subject = row.text(),
          .upstream_sid = row.text(),
          .upstream_id_token = row.bytes<model::SealedSecret>(),
          .acr = row.text(),
          .amr = row.list(),
          .initial_user_agent = row.text(),
          .initial_ip = row.text(),
          .last_user_agent = row.text(),
          .last_ip = row.text(),
          .clients = {},
          .metadata = row.text()};
}

ClientId read_client_id(RowReader row) { return row.id<ClientId>(); }

std::vector<ClientId> clients_of(db::Transaction& tx, const TenantId& tenant, const SessionId& id) {
  return read_all(tx.query("SELECT client_id FROM session_clients WHERE tenant = ?1 AND session_id = ?2"
                           " ORDER BY first_used_at, client_id",
                           {tenant, id}),
                  read_client_id);
}

std::vector<model::Session> with_clients(db::Transaction& tx, std::vector<model::Session> sessions) {
  for (model::Session& session : sessions) session.clients = clients_of(tx, session.tenant, session.id);
  return sessions;
}

Instant end_of(const model::Session& session) { return std::min(session.idle_expires_at, session.expires_at); }

}  // namespace

std::optional<model::Session> SessionStore::find_by_cookie(const model::SessionCookieHash& cookie, Instant now) {
  static const std::string kCurrent = select(" FROM sessions WHERE tenant = ?1 AND cookie = ?2");
  auto session = read_one(tx_.query(kCurrent, {tenant_, bind(cookie)}), read_session);
  if (session) return session;
  static const std::string kPrevious =
      select(" FROM sessions WHERE tenant = ?1 AND previous_cookie = ?2 AND previous_cookie_until > ?3");
  return read_one(tx_.query(kPrevious, {tenant_, bind(cookie), now}), read_session);
}

std::optional<model::Session> SessionStore::find(const SessionId& id) {
  static const std::string kSql = select(" FROM sessions WHERE tenant = ?1 AND id = ?2");
  auto session = read_one(tx_.query(kSql, {tenant_, id}), read_session);
  if (session) session->clients = clients_of(tx_, tenant_, id);
  return session;
}

std::vector<model::Session> SessionStore::list_by_user(const UserId& user) {
  static const std::string kSql = select(" FROM sessions WHERE tenant = ?1 AND user_id = ?2 ORDER BY position");
  return with_clients(tx_, read_all(tx_.query(kSql, {tenant_, user}), read_session));
}

Page<model::Session> SessionStore::list_by_user(const UserId& user, const Window& window) {
  ListQuery query("sessions", "position");
  query.where("tenant", tenant_).where("user_id", user);
  auto page = read_page(tx_, query, kColumns, window, read_session);
  page.items = with_clients(tx_, std::move(page.items));
  return page;
}

std::vector<model::Session> SessionStore::list_by_upstream(const ConnectionId& connection,
                                                           std::string_view upstream_sid,
                                                           std::string_view upstream_subject) {
  // The literal test lets the planner use the index that leaves empty session ids out.
  static const std::string kBySid = select(
      " FROM sessions WHERE tenant = ?1 AND connection_id = ?2 AND upstream_sid = ?3 AND upstream_sid <> ''"
      " AND (?4 = '' OR upstream_subject = ?4) ORDER BY position");
  static const std::string kBySubject =
      select(" FROM sessions WHERE tenant = ?1 AND connection_id = ?2 AND upstream_subject = ?3 ORDER BY position");
  if (!upstream_sid.empty())
    return with_clients(
        tx_, read_all(tx_.query(kBySid, {tenant_, connection, upstream_sid, upstream_subject}), read_session));
  if (upstream_subject.empty()) return {};
  return with_clients(tx_, read_all(tx_.query(kBySubject, {tenant_, connection, upstream_subject}), read_session));
}

void SessionStore::insert(const model::Session& session) {
  tx_.execute(
      "INSERT INTO sessions (tenant, id, position, cookie, previous_cookie, previous_cookie_until, user_id,"
      " connection_id, base_url, created_at, updated_at, authenticated_at, last_interacted_at, idle_expires_at,"
      " expires_at, ends_at, persistent, upstream_expiry, upstream_issuer, upstream_subject, upstream_sid,"
      " upstream_id_token, acr, amr, initial_user_agent, initial_ip, last_user_agent, last_ip, metadata)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,"
      " ?23, ?24, ?25, ?26, ?27, ?28, ?29)",
      {tenant_,
       session.id,
       position_of(session.created_at, session.id.str()),
       bind(session.cookie),
       bind(session.previous_cookie),
       session.previous_cookie_until,
       session.user,
       session.connection,
       session.base_url,
       session.created_at,
       session.updated_at,
       session.authenticated_at,
       session.last_interacted_at,
       session.idle_expires_at,
       session.expires_at,
       end_of(session),
       session.persistent,
       session.upstream_expiry,
       session.upstream_issuer,
       session.upstream_subject,
       session.upstream_sid,
       bind(session.upstream_id_token),
       session.acr,
       pack_list(session.amr),
       session.initial_user_agent,
       session.initial_ip,
       session.last_user_agent,
       session.last_ip,
       session.metadata});
}

void SessionStore::update(const model::Session& session) {
  tx_.execute(
      "UPDATE sessions SET cookie = ?3, previous_cookie = ?4, previous_cookie_until = ?5, user_id = ?6,"
      " connection_id = ?7, base_url = ?8, updated_at = ?9, authenticated_at = ?10, last_interacted_at = ?11,"
      " idle_expires_at = ?12, expires_at = ?13, ends_at = ?14, persistent = ?15, upstream_expiry = ?16,"
      " upstream_issuer = ?17, upstream_subject = ?18, upstream_sid = ?19, upstream_id_token = ?20, acr = ?21,"
      " amr = ?22, last_user_agent = ?23, last_ip = ?24, metadata = ?25 WHERE tenant = ?1 AND id = ?2",
      {tenant_,
       session.id,
       bind(session.cookie),
       bind(session.previous_cookie),
       session.previous_cookie_until,
       session.user,
       session.connection,
       session.base_url,
       session.updated_at,
       session.authenticated_at,
       session.last_interacted_at,
       session.idle_expires_at,
       session.expires_at,
       end_of(session),
       session.persistent,
       session.upstream_expiry,
       session.upstream_issuer,
       session.upstream_subject,
       session.upstream_sid,
       bind(session.upstream_id_token),
       session.acr,
       pack_list(session.amr),
       session.last_user_agent,
       session.last_ip,
       session.metadata});
}

bool SessionStore::touch(const SessionId& id, Instant now, Instant idle_expires_at, std::string_view user_agent,
                         std::string_view ip) {
  return tx_.execute(
             "UPDATE sessions SET updated_at = ?3, last_interacted_at = ?3, idle_expires_at = ?4,"
             " ends_at = CASE WHEN ?4 < expires_at THEN ?4 ELSE expires_at END, last_user_agent = ?5, last_ip = ?6"
             " WHERE tenant = ?1 AND id = ?2 AND ends_at > ?3",
             {tenant_, id, now, idle_expires_at, user_agent, ip}) > 0;
}

bool SessionStore::replace_cookie(const SessionId& id, const model::SessionCookieHash& current,
                                  const model::SessionCookieHash& next, Instant grace_ends) {
  return tx_.execute(
             "UPDATE sessions SET cookie = ?4, previous_cookie = ?3, previous_cookie_until = ?5"
             " WHERE tenant = ?1 AND id = ?2 AND cookie = ?3",
             {tenant_, id, bind(current), bind(next), grace_ends}) > 0;
}

void SessionStore::add_client(const SessionId& id, const ClientId& client, Instant now) {
  tx_.execute(
      "INSERT INTO session_clients (tenant, session_id, client_id, first_used_at)"
      " SELECT tenant, id, ?3, ?4 FROM sessions WHERE tenant = ?1 AND id = ?2 ON CONFLICT DO NOTHING",
      {tenant_, id, client, now});
}

bool SessionStore::set_metadata(const SessionId& id, std::string_view metadata, Instant now) {
  return tx_.execute("UPDATE sessions SET metadata = ?3, updated_at = ?4 WHERE tenant = ?1 AND id = ?2",
                     {tenant_, id, metadata, now}) > 0;
}

std::optional<model::Session> SessionStore::take(const SessionId& id) {
  static const std::string kSql =
      "DELETE FROM sessions WHERE tenant = ?1 AND id = ?2 RETURNING " + std::string(kColumns);
  auto session = read_one(tx_.query(kSql, {tenant_, id}), read_session);
  if (!session) return std::nullopt;
  session->clients = clients_of(tx_, tenant_, id);
  tx_.execute("DELETE FROM session_clients WHERE tenant = ?1 AND session_id = ?2", {tenant_, id});
  return session;
}

std::vector<model::Session> SessionStore::find_ended(db::Transaction& tx, Instant now, std::int64_t limit) {
  static const std::string kSql = select(" FROM sessions WHERE ends_at <= ?1 ORDER BY ends_at LIMIT ?2");
  return read_all(tx.query(kSql, {now, limit}), read_session);
}

}  // namespace symbolon::store
