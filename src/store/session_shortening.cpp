#include "store/session_store.h"

namespace symbolon::store {
namespace {

constexpr std::string_view kOfRange = " WHERE tenant = ?1 AND id > ?2 AND id <= ?3 AND persistent = ?4";

// `end` = `start` + lifetime, where that is sooner.
void bring_forward(db::Transaction& tx, const std::vector<db::Value>& range, std::string_view end,
                   std::string_view start, std::chrono::seconds lifetime) {
  const std::string sooner = std::string(start) + " + ?5";
  std::vector<db::Value> values = range;
  values.emplace_back(std::chrono::duration_cast<std::chrono::milliseconds>(lifetime).count());
  tx.execute("UPDATE sessions SET " + std::string(end) + " = " + sooner + std::string(kOfRange) + " AND " +
                 std::string(end) + " > " + sooner,
             values);
}

void bring_forward(db::Transaction& tx, const std::vector<db::Value>& range, std::chrono::seconds absolute,
                   std::chrono::seconds idle) {
  bring_forward(tx, range, "expires_at", "authenticated_at", absolute);
  bring_forward(tx, range, "idle_expires_at", "last_interacted_at", idle);
  tx.execute("UPDATE sessions SET ends_at = CASE WHEN idle_expires_at < expires_at THEN idle_expires_at ELSE expires_at END" +
                 std::string(kOfRange) + " AND (ends_at > idle_expires_at OR ends_at > expires_at)",
             range);
}

}  // namespace

SessionId SessionStore::shorten(const model::SessionLifetimes& lifetimes, const SessionId& after, std::int64_t limit) {
  const auto last = tx_.query_one(
      "SELECT MAX(id) FROM (SELECT id FROM sessions WHERE tenant = ?1 AND id > ?2 ORDER BY id LIMIT ?3) AS piece",
      {tenant_, after, limit});
  if (!last || last->is_null(0)) return {};
  const SessionId end(last->text(0));
  for (const bool persistent : {true, false})
    bring_forward(tx_, {tenant_, after, end, persistent}, persistent ? lifetimes.absolute : lifetimes.ephemeral_absolute,
                  persistent ? lifetimes.idle : lifetimes.ephemeral_idle);
  return end;
}

}  // namespace symbolon::store
