#pragma once

#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"
#include "db/transaction.h"

namespace symbolon::store {

/// The next number of a tenant's list, from 1; numbers of undone units leave gaps.
std::int64_t next_number(db::Transaction& tx, const TenantId& tenant, std::string_view list);
/// The next number of a list whose numbers follow the time: at least `floor`, and always above the one before.
std::int64_t next_number_from(db::Transaction& tx, const TenantId& tenant, std::string_view list, std::int64_t floor);

/// Orders records by creation without a counter that all logins would wait for: milliseconds, then bits of the id, so
/// that two records of one person in one millisecond differ.
std::int64_t position_of(Instant created_at, std::string_view id);

}  // namespace symbolon::store
