#pragma once

#include <string>

#include "db/transaction.h"
#include "management/api.h"

namespace symbolon::management {

/// Records a write through the API (`sapi`) in the unit of work that makes it; `changed` names members, never values
/// (login-runtime DB-91).
void log_write(db::Transaction& tx, const Call& call, std::string description, const std::vector<std::string>& changed,
               Instant now);

/// Records a read that returned a secret (`mgmt_api_read`).
void log_secret_read(db::Transaction& tx, const Call& call, std::string description, Instant now);

/// Names of the members of a request body.
std::vector<std::string> member_names(const boost::json::object& body);

}  // namespace symbolon::management
