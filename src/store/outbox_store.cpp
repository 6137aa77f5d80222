#include "store/outbox_store.h"

#include <algorithm>
#include <tuple>

#include "store/row_reader.h"

namespace symbolon::store {

void OutboxStore::insert(const OutboxItem& item) {
  tx_.execute(
      "INSERT INTO outbox (tenant, id, kind, target, doc, attempts, due_at, created_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      {item.tenant, item.id, item.kind, item.target, item.doc, item.attempts, item.due_at, item.created_at});
}

bool OutboxStore::has_due(Instant now) {
  return tx_.query_one("SELECT 1 FROM outbox WHERE due_at <= ?1 LIMIT 1", {now}).has_value();
}

std::vector<OutboxItem> OutboxStore::take_due(Instant now, Instant lease_until, std::int64_t limit) {
  // The attempt is counted when it begins: one that takes the program down must not be repeated for ever.
  auto items = read_all(tx_.query("UPDATE outbox SET due_at = ?2, attempts = attempts + 1 WHERE (tenant, id) IN"
                                  " (SELECT tenant, id FROM outbox WHERE due_at <= ?1 ORDER BY due_at LIMIT ?3)"
                                  " RETURNING tenant, id, kind, target, doc, attempts, due_at, created_at",
                                  {now, lease_until, limit}),
                        [](RowReader row) {
                          return OutboxItem{.tenant = row.id<TenantId>(),
                                            .id = row.text(),
                                            .kind = row.text(),
                                            .target = row.text(),
                                            .doc = row.text(),
                                            .attempts = row.integer(),
                                            .due_at = row.instant(),
                                            .created_at = row.instant()};
                        });
  std::ranges::sort(items, {}, [](const OutboxItem& item) { return std::tie(item.created_at, item.id); });
  return items;
}

void OutboxStore::reschedule(const OutboxItem& item, Instant due_at) {
  tx_.execute("UPDATE outbox SET due_at = ?3, attempts = ?4 WHERE tenant = ?1 AND id = ?2",
              {item.tenant, item.id, due_at, item.attempts});
}

void OutboxStore::remove(const TenantId& tenant, std::string_view id) {
  tx_.execute("DELETE FROM outbox WHERE tenant = ?1 AND id = ?2", {tenant, id});
}

void OutboxStore::remove_by_target(const TenantId& tenant, std::string_view target) {
  tx_.execute("DELETE FROM outbox WHERE tenant = ?1 AND target = ?2", {tenant, target});
}

std::int64_t OutboxStore::pending() { return tx_.query_one("SELECT count(*) FROM outbox").value().integer(0); }

}  // namespace symbolon::store
