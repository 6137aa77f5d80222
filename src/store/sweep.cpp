#include "store/sweep.h"

#include <array>
#include <string>
#include <string_view>

#include "store/log_store.h"

namespace symbolon::store {
namespace {

struct Expiring {
  std::string_view table, key;  ///< key: the rest of the primary key, after the tenant
  std::string_view ended;       ///< condition on ?1: the present, or the oldest code to keep
};

// A code is remembered long after it was used, so that a late replay still takes back what it gave (RFC 6749 §4.1.2).
constexpr std::chrono::hours kCodeMemory{24};
constexpr Expiring kCodes{"authorization_codes", "hash", "expires_at <= ?1"};

// Tokens before the grants they belong to. Sessions are not among them: their end is told to applications.
constexpr std::array kSwept{
    Expiring{"access_tokens", "hash", "expires_at <= ?1"},
    // The earlier end, in the words of the index that finds it.
    Expiring{"refresh_tokens", "hash", "CASE WHEN idle_expires_at < expires_at OR expires_at IS NULL"
                                       " THEN idle_expires_at ELSE expires_at END <= ?1"},
    Expiring{"grants", "id", "expires_at <= ?1 AND NOT EXISTS (SELECT 1 FROM refresh_tokens r"
                             " WHERE r.tenant = grants.tenant AND r.grant_id = grants.id)"},
    Expiring{"service_tokens", "hash", "expires_at <= ?1"},
    Expiring{"used_tickets", "kind, hash", "expires_at <= ?1"},
    Expiring{"tickets", "kind, hash", "expires_at <= ?1"},
    Expiring{"self_service_tickets", "hash", "expires_at <= ?1"},
};
// A grant whose refresh token may live for ever is looked at again only after this.
constexpr std::chrono::days kGrantPause{30};

std::int64_t remove_ended(db::Transaction& tx, const Expiring& what, Instant end, std::int64_t limit) {
  const std::string key = "tenant, " + std::string(what.key);
  const std::string table(what.table);
  return tx.execute("DELETE FROM " + table + " WHERE (" + key + ") IN (SELECT " + key + " FROM " + table + " WHERE " +
                        std::string(what.ended) + " LIMIT ?2)",
                    {end, limit});
}

void put_off_grants(db::Transaction& tx, Instant now, std::int64_t limit) {
  tx.execute(
      "UPDATE grants SET expires_at = ?3 WHERE (tenant, id) IN (SELECT tenant, id FROM grants WHERE expires_at <= ?1"
      " AND EXISTS (SELECT 1 FROM refresh_tokens r WHERE r.tenant = grants.tenant AND r.grant_id = grants.id)"
      " LIMIT ?2)",
      {now, limit, now + kGrantPause});
}

// A log id begins with the time, so that the primary key finds what is old; an index by date would cost every event.
std::int64_t remove_log_events(db::Transaction& tx, Instant since, std::int64_t limit) {
  return tx.execute(
      "DELETE FROM log_events WHERE (tenant, log_id) IN (SELECT log_events.tenant, log_id FROM tenants"
      " CROSS JOIN log_events WHERE log_events.tenant = tenants.tenant AND log_id < ?1 LIMIT ?2)",
      {first_log_id_of(since), limit});
}

}  // namespace

std::int64_t sweep(db::Transaction& tx, Instant now, Instant log_since, std::int64_t limit) {
  std::int64_t removed = remove_ended(tx, kCodes, now - kCodeMemory, limit);
  for (const Expiring& what : kSwept) removed += remove_ended(tx, what, now, limit);
  put_off_grants(tx, now, limit);
  return removed + remove_log_events(tx, log_since, limit);
}

}  // namespace symbolon::store
