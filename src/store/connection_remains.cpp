#include "store/connection_remains.h"

#include <string>

#include "store/cascade.h"
#include "store/row_reader.h"

namespace symbolon::store {
namespace {

// Some milliseconds of the writer's time.
constexpr std::int64_t kPeople = 100;
constexpr std::int64_t kSessions = 100;
constexpr std::int64_t kIdentities = 500;

std::string limited(std::string_view selection, std::int64_t limit) {
  return std::string(selection) + " LIMIT " + std::to_string(limit);
}

const std::string& people_selection() {
  static const std::string kSql = limited(
      "SELECT user_id FROM identities WHERE tenant = ?1 AND connection_id = ?2 AND position = 0 ORDER BY subject",
      kPeople);
  return kSql;
}

ConnectionRemains read_remains(RowReader row) {
  return {.tenant = row.id<TenantId>(), .connection = row.id<ConnectionId>(), .keeps_users = row.flag()};
}

// What is worth telling of an identity; what its provider said of the person goes unread.
struct Link {
  UserId user;
  model::Identity identity;
};

constexpr std::string_view kLinkColumns = "user_id, connection_id, connection_name, provider, subject";

Link read_link(RowReader row) {
  Link link;
  link.user = row.id<UserId>();
  link.identity.connection = row.id<ConnectionId>();
  link.identity.connection_name = row.text();
  link.identity.provider = row.text();
  link.identity.subject = row.text();
  return link;
}

// The next identity of each person becomes the primary one. Its provider has not vouched for the address that the other
// one brought, so the address counts as unverified until it does.
void part_with(db::Transaction& tx, const ConnectionRemains& remains, const UserId& user,
               const ConnectionRemainsStore::Unlinked& unlinked) {
  static const std::string kLinks = "SELECT " + std::string(kLinkColumns) +
                                    " FROM identities WHERE tenant = ?1 AND user_id = ?2 ORDER BY position";
  if (unlinked)
    for (const Link& link : read_all(tx.query(kLinks, {remains.tenant, user}), read_link))
      if (link.identity.connection == remains.connection) unlinked(link.user, link.identity);
  tx.execute(
      "UPDATE identities SET position = 0 WHERE tenant = ?1 AND user_id = ?3 AND connection_id <> ?2"
      " AND position = (SELECT MIN(m.position) FROM identities m WHERE m.tenant = ?1 AND m.user_id = ?3"
      " AND m.connection_id <> ?2)",
      {remains.tenant, remains.connection, user});
  tx.execute("DELETE FROM identities WHERE tenant = ?1 AND connection_id = ?2 AND user_id = ?3",
             {remains.tenant, remains.connection, user});
  tx.execute("UPDATE users SET email_verified = 0, version = version + 1 WHERE tenant = ?1 AND user_id = ?2"
             " AND email_verified = 1",
             {remains.tenant, user});
}

// True when somebody was found: there may be more.
bool remove_people(db::Transaction& tx, const ConnectionRemains& remains,
                   const ConnectionRemainsStore::EndSession& end,
                   const ConnectionRemainsStore::Unlinked& unlinked) {
  const auto people = read_all(tx.query(people_selection(), {remains.tenant, remains.connection}),
                               [](RowReader row) { return row.id<UserId>(); });
  if (people.empty()) return false;
  if (remains.keeps_users) {
    for (const UserId& user : people) part_with(tx, remains, user, unlinked);
    return true;
  }
  std::int64_t ended = 0;
  for (const UserId& user : people) {
    const auto sessions =
        read_all(tx.query("SELECT id FROM sessions WHERE tenant = ?1 AND user_id = ?2 LIMIT ?3",
                          {remains.tenant, user, kSessions - ended}),
                 [](RowReader row) { return row.id<SessionId>(); });
    for (const SessionId& session : sessions) end(session, true);
    ended += std::ssize(sessions);
    if (ended >= kSessions) return true;
  }
  remove_users(tx, remains.tenant, people_selection(), remains.connection.str());
  return true;
}

bool end_sessions(db::Transaction& tx, const ConnectionRemains& remains,
                  const ConnectionRemainsStore::EndSession& end) {
  const auto sessions = read_all(tx.query("SELECT id FROM sessions WHERE tenant = ?1 AND connection_id = ?2 LIMIT ?3",
                                          {remains.tenant, remains.connection, kSessions}),
                                 [](RowReader row) { return row.id<SessionId>(); });
  for (const SessionId& session : sessions) end(session, false);
  return !sessions.empty();
}

bool unlink(db::Transaction& tx, const ConnectionRemains& remains, const ConnectionRemainsStore::Unlinked& unlinked) {
  static const std::string kLinks =
      limited("SELECT " + std::string(kLinkColumns) +
                  " FROM identities WHERE tenant = ?1 AND connection_id = ?2 ORDER BY subject",
              kIdentities);
  if (unlinked)
    for (const Link& link : read_all(tx.query(kLinks, {remains.tenant, remains.connection}), read_link))
      unlinked(link.user, link.identity);
  return tx.execute(
             "DELETE FROM identities WHERE tenant = ?1 AND connection_id = ?2 AND subject IN (SELECT subject"
             " FROM identities WHERE tenant = ?1 AND connection_id = ?2 ORDER BY subject LIMIT ?3)",
             {remains.tenant, remains.connection, kIdentities}) > 0;
}

bool remove_its_grants(db::Transaction& tx, const ConnectionRemains& remains) {
  static const std::string kGrants =
      limited("SELECT id, user_id FROM grants WHERE tenant = ?1 AND connection_id = ?2 ORDER BY client_id",
              kMostGrantsAtOnce);
  const auto grants = read_all(tx.query(kGrants, {remains.tenant, remains.connection}), [](RowReader row) {
    auto grant = row.id<GrantId>();
    return GrantOfUser{std::move(grant), row.id<UserId>()};
  });
  remove_grants(tx, remains.tenant, grants);
  return !grants.empty();
}

}  // namespace

std::optional<ConnectionRemains> ConnectionRemainsStore::next() {
  return read_one(tx_.query("SELECT tenant, connection_id, keeps_users FROM connection_remains"
                            " ORDER BY tenant, connection_id LIMIT 1"),
                  read_remains);
}

std::optional<ConnectionRemains> ConnectionRemainsStore::find(const TenantId& tenant, const ConnectionId& connection) {
  return read_one(tx_.query("SELECT tenant, connection_id, keeps_users FROM connection_remains"
                            " WHERE tenant = ?1 AND connection_id = ?2",
                            {tenant, connection}),
                  read_remains);
}

bool ConnectionRemainsStore::remove_some(const ConnectionRemains& remains, const EndSession& end,
                                         const Unlinked& unlinked) {
  // People first: their sessions end because their accounts go, which applications may want to know.
  if (remove_people(tx_, remains, end, unlinked) || end_sessions(tx_, remains, end) || unlink(tx_, remains, unlinked) ||
      remove_its_grants(tx_, remains))
    return false;
  tx_.execute("DELETE FROM connection_remains WHERE tenant = ?1 AND connection_id = ?2",
              {remains.tenant, remains.connection});
  return true;
}

}  // namespace symbolon::store
