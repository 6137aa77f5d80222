#pragma once

#include <string>
#include <vector>

#include "base/id.h"
#include "db/transaction.h"

namespace symbolon::store {

/// The tables of the schema, without the driver's own.
std::vector<std::string> table_names(db::Transaction& tx);
/// Every row as one text, led by its table's name. Blobs and texts as they are, numbers in digits.
std::vector<std::string> dump_table(db::Transaction& tx, const std::string& table,
                                    const std::string& condition = "1 = 1", std::vector<db::Value> values = {});
/// Every row of every table that carries the tenant.
std::vector<std::string> dump_tenant(db::Transaction& tx, const TenantId& tenant);

}  // namespace symbolon::store
