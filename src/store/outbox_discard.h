#pragma once

#include <cstdint>
#include <string_view>

#include "base/id.h"
#include "db/transaction.h"

namespace symbolon::store {

/// Deletes what waits for `target` in one tenant, due or not, if it is of `kind` and its document begins with
/// `document_start`. One statement, whatever the length of the queue. Returns how many went.
std::int64_t discard_deliveries(db::Transaction& tx, const TenantId& tenant, std::string_view target,
                                std::string_view kind, std::string_view document_start);

}  // namespace symbolon::store
