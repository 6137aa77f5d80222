#include "store/user_store.h"

#include <stdexcept>

#include "base/text.h"
#include "store/cascade.h"
#include "store/list_query.h"
#include "store/sequence.h"

namespace symbolon::store {
namespace {

constexpr std::string_view kUserColumns =
    "u.tenant, u.user_id, u.profile, u.email, u.email_verified, u.username, u.org_id, u.user_metadata, u.app_metadata,"
    " u.blocked, u.created_at, u.updated_at, u.last_login, u.last_ip, u.logins_count, u.tokens_valid_after, u.version";
constexpr std::size_t kUserColumnCount = 17;
constexpr std::string_view kIdentityColumns =
    "i.connection_id, i.connection_name, i.provider, i.subject, i.profile, i.linked_at";
constexpr std::size_t kIdentityColumnCount = 6;
// The plus keeps SQLite from walking the tenant in this order instead of using the index of what is asked for.
constexpr std::string_view kByCreation = "+u.seq, i.position";

std::string select(std::string_view rest) {
  std::string sql = "SELECT ";
  sql += kUserColumns;
  sql += ", ";
  sql += kIdentityColumns;
  sql += rest;
  return sql;
}

std::string select_users_where(std::string_view condition, std::string_view order) {
  std::string rest = " FROM users u LEFT JOIN identities i ON i.tenant = u.tenant AND i.user_id = u.user_id WHERE ";
  rest += condition;
  rest += " ORDER BY ";
  rest += order;
  return select(rest);
}

model::Identity read_identity(RowReader row) {
  return {.connection = row.id<ConnectionId>(),
          .connection_name = row.text(),
          .provider = row.text(),
          .subject = row.text(),
          .profile = row.text(),
          .linked_at = row.instant()};
}

model::User read_user(RowReader row) {
  return {.tenant = row.id<TenantId>(),
          .id = row.id<UserId>(),
          .profile = row.text(),
          .email = row.text(),
          .email_verified = row.flag(),
          .username = row.text(),
          .organisation = row.id<model::OrganisationId>(),
          .user_metadata = row.text(),
          .app_metadata = row.text(),
          .blocked = row.flag(),
          .identities = {},
          .created_at = row.instant(),
          .updated_at = row.instant(),
          .last_login = row.optional_instant(),
          .last_ip = row.text(),
          .logins_count = row.integer(),
          .tokens_valid_after = row.optional_instant(),
          .version = row.integer()};
}

// Rows of one user follow each other, one for each identity.
std::vector<model::User> read_users(std::vector<db::Row> rows) {
  std::vector<model::User> users;
  for (db::Row& row : rows) {
    if (users.empty() || users.back().id.str() != row.text(1)) users.push_back(read_user(RowReader(row)));
    RowReader identity(row, kUserColumnCount);
    if (!identity.at_null()) users.back().identities.push_back(read_identity(identity));
  }
  return users;
}

std::optional<model::User> read_first(std::vector<db::Row> rows) {
  auto users = read_users(std::move(rows));
  if (users.empty()) return std::nullopt;
  return std::move(users.front());
}

bool insert_identity(db::Transaction& tx, const TenantId& tenant, const UserId& user, const model::Identity& identity) {
  return tx.execute(
             "INSERT INTO identities (tenant, connection_id, subject, user_id, position, connection_name, provider,"
             " profile, linked_at) SELECT ?1, ?3, ?4, ?2,"
             " COALESCE((SELECT MAX(position) + 1 FROM identities WHERE tenant = ?1 AND user_id = ?2), 0),"
             " ?5, ?6, ?7, ?8 FROM users WHERE tenant = ?1 AND user_id = ?2 ON CONFLICT DO NOTHING",
             {tenant, user, identity.connection, identity.subject, identity.connection_name, identity.provider,
              identity.profile, identity.linked_at}) > 0;
}

// The condition of a filter, with its values behind `values`. True when an index that it names finds few enough users
// to be sorted.
bool add_conditions(const UserFilter& filter, std::vector<db::Value>& values, std::string& sql) {
  const auto size = values.size();
  const auto add = [&](std::string_view before, db::Value value, std::string_view after = "") {
    values.push_back(std::move(value));
    sql += before;
    sql += "?" + std::to_string(values.size());
    sql += after;
  };
  if (!filter.id.empty()) add(" AND user_id = ", filter.id);
  if (!filter.email.empty()) add(" AND email_folded = ", to_lower_ascii(filter.email));
  if (!filter.username.empty()) add(" AND username_folded = ", to_lower_ascii(filter.username));
  const bool indexed = values.size() > size;
  if (!filter.connection.empty())
    add(" AND EXISTS (SELECT 1 FROM identities k WHERE k.tenant = ?1 AND k.user_id = users.user_id"
        " AND k.connection_id = ",
        filter.connection, ")");
  return indexed;
}

}  // namespace

std::optional<model::User> UserStore::find(const UserId& id) {
  static const std::string kSql = select_users_where("u.tenant = ?1 AND u.user_id = ?2", "i.position");
  return read_first(tx_.query(kSql, {tenant_, id}));
}

std::optional<model::User> UserStore::find_by_identity(const ConnectionId& connection, std::string_view subject) {
  static const std::string kSql = select(
      " FROM identities k CROSS JOIN users u CROSS JOIN identities i"
      " WHERE k.tenant = ?1 AND k.connection_id = ?2 AND k.subject = ?3"
      " AND u.tenant = k.tenant AND u.user_id = k.user_id"
      " AND i.tenant = u.tenant AND i.user_id = u.user_id ORDER BY i.position");
  return read_first(tx_.query(kSql, {tenant_, connection, subject}));
}

std::vector<model::User> UserStore::find_by_email(std::string_view email) {
  if (email.empty()) return {};
  static const std::string kSql = select_users_where("u.tenant = ?1 AND u.email_folded = ?2", kByCreation);
  return read_users(tx_.query(kSql, {tenant_, to_lower_ascii(email)}));
}

std::vector<model::User> UserStore::find_by_username(std::string_view username) {
  if (username.empty()) return {};
  static const std::string kSql = select_users_where("u.tenant = ?1 AND u.username_folded = ?2", kByCreation);
  return read_users(tx_.query(kSql, {tenant_, to_lower_ascii(username)}));
}

Page<model::User> UserStore::list(const Window& window) {
  ListQuery query("users u", "u.seq");
  query.where("u.tenant", tenant_);
  auto page = read_page(tx_, query, kUserColumns, window, read_user);
  for (model::User& user : page.items) {
    static const std::string kSql = "SELECT " + std::string(kIdentityColumns) +
                                    " FROM identities i WHERE i.tenant = ?1 AND i.user_id = ?2 ORDER BY i.position";
    user.identities = read_all(tx_.query(kSql, {tenant_, user.id}), read_identity);
  }
  return page;
}

UserStretch UserStore::scan(const UserFilter& filter, std::int64_t position, std::int64_t limit, bool newest_first) {
  std::vector<db::Value> values{tenant_};
  std::string found = "SELECT * FROM users WHERE tenant = ?1";
  // The plus keeps SQLite on the index of what is asked for; without one, the order of creation is walked.
  const std::string seq = add_conditions(filter, values, found) ? "+seq" : "seq";
  const std::string direction = newest_first ? " DESC" : "";
  if (position > 0) {
    values.push_back(position);
    found += " AND " + seq + (newest_first ? " < ?" : " > ?") + std::to_string(values.size());
  }
  values.push_back(std::max<std::int64_t>(limit, 0));
  found += " ORDER BY " + seq + direction + " LIMIT ?" + std::to_string(values.size());
  const std::string rest = ", u.seq FROM (" + found +
                           ") u LEFT JOIN identities i ON i.tenant = u.tenant AND i.user_id = u.user_id"
                           " ORDER BY u.seq" + direction + ", i.position";
  auto rows = tx_.query(select(rest), std::move(values));
  UserStretch stretch;
  for (const db::Row& row : rows) {
    const std::int64_t at = row.integer(kUserColumnCount + kIdentityColumnCount);
    if (stretch.positions.empty() || stretch.positions.back() != at) stretch.positions.push_back(at);
  }
  stretch.users = read_users(std::move(rows));
  return stretch;
}

Insert UserStore::insert(const model::User& user) {
  const auto inserted = tx_.execute(
      "INSERT INTO users (tenant, user_id, seq, email, email_folded, email_verified, username, username_folded, "
      "profile,"
      " user_metadata, app_metadata, blocked, created_at, updated_at, last_login, last_ip, logins_count,"
      " tokens_valid_after, version, org_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
      " ?16, ?17, ?18, ?19, ?20) ON CONFLICT DO NOTHING",
      {tenant_, user.id, next_number(tx_, tenant_, "users"), user.email, to_lower_ascii(user.email),
       user.email_verified, user.username, to_lower_ascii(user.username), user.profile, user.user_metadata,
       user.app_metadata, user.blocked, user.created_at, user.updated_at, user.last_login, user.last_ip,
       user.logins_count, user.tokens_valid_after, user.version, user.organisation});
  if (inserted == 0) return Insert::duplicate;
  for (const model::Identity& identity : user.identities) {
    if (insert_identity(tx_, tenant_, user.id, identity)) continue;
    remove(user.id);
    return Insert::duplicate;
  }
  return Insert::done;
}

bool UserStore::update(const model::User& user) {
  // A revocation that came in between stays: the stamp moves forward only.
  return tx_.execute(
             "UPDATE users SET email = ?3, email_folded = ?4, email_verified = ?5, username = ?6, username_folded = ?7,"
             " profile = ?8, user_metadata = ?9, app_metadata = ?10, blocked = ?11, updated_at = ?12, last_login = ?13,"
             " last_ip = ?14, logins_count = ?15, tokens_valid_after = CASE WHEN tokens_valid_after IS NULL"
             " OR tokens_valid_after < ?16 THEN ?16 ELSE tokens_valid_after END, version = version + 1"
             " WHERE tenant = ?1 AND user_id = ?2",
             {tenant_, user.id, user.email, to_lower_ascii(user.email), user.email_verified, user.username,
              to_lower_ascii(user.username), user.profile, user.user_metadata, user.app_metadata, user.blocked,
              user.updated_at, user.last_login, user.last_ip, user.logins_count, user.tokens_valid_after}) > 0;
}

std::int64_t UserStore::count_active(Instant since) {
  return tx_.query_one("SELECT count(*) FROM users WHERE tenant = ?1 AND last_login >= ?2", {tenant_, since})
      ->integer(0);
}

void UserStore::record_login(const UserId& id, Instant at, std::string_view ip) {
  tx_.execute(
      "UPDATE users SET last_login = ?3, last_ip = ?4, logins_count = logins_count + 1, updated_at = ?3"
      " WHERE tenant = ?1 AND user_id = ?2",
      {tenant_, id, at, ip});
}

bool UserStore::remove(const UserId& id) { return remove_users(tx_, tenant_, "SELECT ?2", id.str()); }

Insert UserStore::add_identity(const UserId& id, const model::Identity& identity) {
  if (insert_identity(tx_, tenant_, id, identity)) return Insert::done;
  const bool user_exists =
      tx_.query_one("SELECT 1 FROM users WHERE tenant = ?1 AND user_id = ?2", {tenant_, id}).has_value();
  if (!user_exists) throw std::logic_error("an identity for a user that does not exist");
  return Insert::duplicate;
}

bool UserStore::remove_identity(const UserId& id, const ConnectionId& connection, std::string_view subject) {
  return tx_.execute(
             "DELETE FROM identities WHERE tenant = ?1 AND connection_id = ?3 AND subject = ?4 AND user_id = ?2"
             " AND position > 0",
             {tenant_, id, connection, subject}) > 0;
}

void UserStore::invalidate_tokens(const UserId& id, Instant at) {
  tx_.execute(
      "UPDATE users SET tokens_valid_after = ?3 WHERE tenant = ?1 AND user_id = ?2"
      " AND (tokens_valid_after IS NULL OR tokens_valid_after < ?3)",
      {tenant_, id, at});
}

}  // namespace symbolon::store
