#pragma once

#include "db/transaction.h"
#include "management/api.h"
#include "management/services.h"
#include "model/client.h"

namespace symbolon::management {

/// /api/v2/clients (management-api §3): applications.
class Clients {
 public:
  explicit Clients(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);
  Task<Answer> get(Call call);
  Task<Answer> create(Call call);
  Task<Answer> update(Call call);
  Task<Answer> remove(Call call);
  Task<Answer> rotate_secret(Call call);
  std::expected<model::Client, Problem> changed(db::Transaction& tx, const Call& call, const model::Client& stored,
                                                Instant now);

  const Services& services_;
};

}  // namespace symbolon::management
