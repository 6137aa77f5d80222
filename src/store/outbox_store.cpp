#include "store/outbox_store.h"

#include "store/row_reader.h"

namespace symbolon::store {
namespace {

OutboxItem read_item(RowReader row) {
  return {.tenant = row.id<TenantId>(),
          .id = row.text(),
          .kind = row.text(),
          .target = row.text(),
          .doc = row.text(),
          .attempts = row.integer(),
          .due_at = row.instant(),
          .created_at = row.instant()};
}

}  // namespace

void OutboxStore::insert(const OutboxItem& item) {
  tx_.execute(
      "INSERT INTO outbox (tenant, id, kind, target, doc, attempts, due_at, created_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      {item.tenant, item.id, item.kind, item.target, item.doc, item.attempts, item.due_at, item.created_at});
}

bool OutboxStore::has_due(Instant now) {
  return tx_.query_one("SELECT 1 FROM outbox WHERE due_at <= ?1 LIMIT 1", {now}).has_value();
}

std::vector<std::string> OutboxStore::due_targets(Instant now) {
  // From one target to the next through the index: a queue of any length costs one step.
  return read_all(tx_.query("WITH RECURSIVE targets (target) AS (SELECT min(target) FROM outbox UNION ALL"
                            " SELECT (SELECT min(target) FROM outbox WHERE outbox.target > targets.target)"
                            " FROM targets WHERE targets.target IS NOT NULL)"
                            " SELECT target FROM (SELECT target,"
                            " (SELECT min(due_at) FROM outbox WHERE outbox.target = targets.target) AS due"
                            " FROM targets WHERE target IS NOT NULL) AS heads"
                            " WHERE due <= ?1 ORDER BY due, target",
                            {now}),
                  [](RowReader row) { return row.text(); });
}

std::vector<OutboxItem> OutboxStore::find_due(std::string_view target, Instant now, std::int64_t limit) {
  return read_all(tx_.query("SELECT tenant, id, kind, target, doc, attempts, due_at, created_at FROM outbox"
                            " WHERE target = ?1 AND due_at <= ?2 ORDER BY due_at LIMIT ?3",
                            {target, now, limit}),
                  read_item);
}

bool OutboxStore::lease(OutboxItem& item, Instant until) {
  const auto taken = tx_.execute(
      "UPDATE outbox SET due_at = ?4, attempts = attempts + 1 WHERE tenant = ?1 AND id = ?2 AND due_at = ?3",
      {item.tenant, item.id, item.due_at, until});
  if (taken == 0) return false;
  item.due_at = until;
  ++item.attempts;
  return true;
}

void OutboxStore::reschedule(const OutboxItem& item, Instant due_at) {
  tx_.execute("UPDATE outbox SET due_at = ?3, attempts = ?4 WHERE tenant = ?1 AND id = ?2",
              {item.tenant, item.id, due_at, item.attempts});
}

void OutboxStore::remove(const TenantId& tenant, std::string_view id) {
  tx_.execute("DELETE FROM outbox WHERE tenant = ?1 AND id = ?2", {tenant, id});
}

std::int64_t OutboxStore::pending() { return tx_.query_one("SELECT count(*) FROM outbox").value().integer(0); }

}  // namespace symbolon::store
