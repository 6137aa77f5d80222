#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/transaction.h"
#include "model/log_event.h"
#include "store/page.h"

namespace symbolon::store {

/// Which events; an empty member asks for nothing.
struct LogFilter {
  UserId user = {};
  bool only_of_users = false;  ///< leaves out what is about nobody
  std::string type = {};
  ClientId client = {};
  ConnectionId connection = {};
  std::string reference = {};
  std::optional<Instant> since = {};  ///< leaves out what was surely written earlier
};

/// Successful sign-ins of a time, and those among them that made an account.
struct LoginCount {
  std::int64_t logins = 0, signups = 0;
};

/// Every log_id from before `moment` sorts before this one, in whatever tenant.
std::string first_log_id_of(Instant moment);

class LogStore {
 public:
  LogStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  /// Gives the event its log_id, which grows with time within the tenant, and returns it.
  std::string insert(model::LogEvent event);
  std::optional<model::LogEvent> find(std::string_view log_id);
  std::optional<model::LogEvent> find_by_reference(std::string_view reference);
  /// Up to `limit` events beyond the one called `log_id` (empty: from the end where the order begins).
  std::vector<model::LogEvent> scan(const LogFilter& filter, std::string_view log_id, std::int64_t limit,
                                    bool newest_first);
  std::int64_t count(const LogFilter& filter);
  /// From `from` until just before `to`.
  LoginCount count_logins(Instant from, Instant to);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

}  // namespace symbolon::store
