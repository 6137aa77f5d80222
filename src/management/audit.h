#pragma once

#include <string>

#include "db/database.h"
#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// Records a write through the API (`sapi`) in the unit of work that makes it; `changed` names members, never values
/// (login-runtime DB-91).
void log_write(db::Transaction& tx, const Call& call, std::string description, const std::vector<std::string>& changed,
               Instant now);

/// Records a read that returned a secret (`mgmt_api_read`).
void log_secret_read(db::Transaction& tx, const Call& call, std::string description, Instant now);

/// Records what a call did to a person, under the type that the log has for it (`sdu`, `srrt`); log_write() records the
/// call itself.
void log_effect(db::Transaction& tx, const Call& call, std::string type, std::string description, const UserId& user,
                Instant now);

/// Records calls that a limit refused (`api_limit`), as often as `api` tells of them.
void record_limits(Api& api, const Services& services);

/// Runs a unit that only reads, unless it may have to record that a secret was shown: then it is a unit that writes, and
/// what was shown and its record cannot come apart.
template <class F>
Task<std::invoke_result_t<F, db::Transaction&>> read_unit(db::Database& db, bool may_show_secret, F unit) {
  if (may_show_secret) co_return co_await db.write(std::move(unit));
  co_return co_await db.read(std::move(unit));
}

/// Names of the members of a request body.
std::vector<std::string> member_names(const boost::json::object& body);

}  // namespace symbolon::management
