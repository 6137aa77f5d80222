#pragma once

#include <string>
#include <vector>

#include "db/transaction.h"
#include "zitadel/api.h"

namespace symbolon::zitadel {

/// Records a write through the API (`sapi`) in the unit of work that makes it; `what` names records, never values.
void log_write(db::Transaction& tx, const Call& call, std::string description, const std::vector<std::string>& what);

}  // namespace symbolon::zitadel
