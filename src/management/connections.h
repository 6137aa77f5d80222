#pragma once

#include "management/api.h"
#include "management/connection_key.h"
#include "management/connection_options.h"
#include "management/services.h"

namespace symbolon::management {

/// /api/v2/connections (management-api §2): identity providers.
class Connections {
 public:
  explicit Connections(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);
  Task<Answer> get(Call call);
  Task<Answer> create(Call call);
  Task<Answer> update(Call call);
  Task<Answer> remove(Call call);
  Task<Answer> status(Call call);
  Task<Answer> change_with_options(const Call& call);
  Answer store_change(db::Transaction& tx, const Call& call, model::Connection connection,
                      const ConnectionKeyList& keys, Instant now);
  std::expected<model::Connection, Problem> read_for_change(db::Transaction& tx, const Call& call);
  http::Response answer(db::Transaction& tx, int status, const Call& call, const model::Connection& connection,
                        const std::vector<ClientId>& enabled, bool just_made, Instant now);

  const Services& services_;
  RateLimit status_checks_{{.per_second = 15, .burst = 15}};  ///< management-api R-3
};

/// /api/v2/connections/{id}/clients: which applications may use a connection.
class ConnectionClients {
 public:
  explicit ConnectionClients(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);
  Task<Answer> update(Call call);

  const Services& services_;
};

}  // namespace symbolon::management
