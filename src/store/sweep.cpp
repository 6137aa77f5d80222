#include "store/sweep.h"

#include <array>
#include <string>
#include <string_view>

namespace symbolon::store {
namespace {

struct Expiring {
  std::string_view table, key;  ///< key: the rest of the primary key, after the tenant
  std::string_view ended;       ///< condition on ?1, the present or the oldest log event to keep
};

// Codes and tokens before the grants they belong to. Sessions are not among them: their end is told to applications.
constexpr std::array kSwept{
    Expiring{"authorization_codes", "hash", "expires_at <= ?1"},
    Expiring{"access_tokens", "hash", "expires_at <= ?1"},
    Expiring{"refresh_tokens", "hash", "expires_at <= ?1"},
    Expiring{"refresh_tokens", "hash", "idle_expires_at <= ?1"},
    Expiring{"grants", "id", "expires_at <= ?1"},
    Expiring{"service_tokens", "hash", "expires_at <= ?1"},
    Expiring{"used_tickets", "kind, hash", "expires_at <= ?1"},
    Expiring{"tickets", "kind, hash", "expires_at <= ?1"},
};
constexpr Expiring kLogEvents{"log_events", "log_id", "date < ?1"};

std::int64_t remove_ended(db::Transaction& tx, const Expiring& what, Instant end, std::int64_t limit) {
  const std::string key = "tenant, " + std::string(what.key);
  const std::string table(what.table);
  return tx.execute("DELETE FROM " + table + " WHERE (" + key + ") IN (SELECT " + key + " FROM " + table + " WHERE " +
                        std::string(what.ended) + " LIMIT ?2)",
                    {end, limit});
}

}  // namespace

std::int64_t sweep(db::Transaction& tx, Instant now, Instant log_since, std::int64_t limit) {
  std::int64_t removed = 0;
  for (const Expiring& what : kSwept) removed += remove_ended(tx, what, now, limit);
  return removed + remove_ended(tx, kLogEvents, log_since, limit);
}

}  // namespace symbolon::store
