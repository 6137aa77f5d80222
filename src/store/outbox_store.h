#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "db/transaction.h"

namespace symbolon::store {

/// Something to be delivered after the commit that caused it (logout tokens); survives a restart.
struct OutboxItem {
  TenantId tenant;
  std::string id;
  std::string kind;
  std::string target;  ///< URL
  std::string doc;     ///< JSON object: what the delivery is made from
  std::int64_t attempts = 0;
  Instant due_at{}, created_at{};
};

class OutboxStore {
 public:
  explicit OutboxStore(db::Transaction& tx) : tx_(tx) {}

  void insert(const OutboxItem& item);
  bool has_due(Instant now);
  /// Every target that something is due for, the one that has waited longest first. Reads one row for each target.
  std::vector<std::string> due_targets(Instant now);
  /// What is due for one target, longest due first, up to `limit`.
  std::vector<OutboxItem> find_due(std::string_view target, Instant now, std::int64_t limit);
  /// Takes a found item by moving its due time to `until`, so that no other worker does, and counts the attempt: one that
  /// takes the program down must not be repeated for ever. `item` says so afterwards. False when somebody was quicker.
  bool lease(OutboxItem& item, Instant until);
  /// Writes `due_at` and the item's attempts, unless it is gone.
  void reschedule(const OutboxItem& item, Instant due_at);
  void remove(const TenantId& tenant, std::string_view id);
  std::int64_t pending();

 private:
  db::Transaction& tx_;
};

}  // namespace symbolon::store
