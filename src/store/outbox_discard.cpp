#include "store/outbox_discard.h"

namespace symbolon::store {

std::int64_t discard_deliveries(db::Transaction& tx, const TenantId& tenant, std::string_view target,
                                std::string_view kind, std::string_view document_start) {
  return tx.execute(
      "DELETE FROM outbox WHERE target = ?2 AND tenant = ?1 AND kind = ?3 AND substr(doc, 1, length(?4)) = ?4",
      {tenant, target, kind, document_start});
}

}  // namespace symbolon::store
