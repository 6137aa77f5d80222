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
  /// Leases up to `limit` due items by moving their due time to `lease_until`, so that no other worker takes them. The
  /// attempt is counted here, and the items returned say so.
  std::vector<OutboxItem> take_due(Instant now, Instant lease_until, std::int64_t limit);
  /// Writes `due_at` and the item's attempts, unless it is gone.
  void reschedule(const OutboxItem& item, Instant due_at);
  void remove(const TenantId& tenant, std::string_view id);
  void remove_by_target(const TenantId& tenant, std::string_view target);
  std::int64_t pending();

 private:
  db::Transaction& tx_;
};

}  // namespace symbolon::store
