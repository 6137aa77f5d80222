#pragma once

#include "management/api.h"
#include "management/services.h"
#include "model/connection.h"

namespace symbolon::management {

/// /api/v2/connections/{id}/scim-configuration and the list of all (management-api §2.12).
class ScimConfigurations {
 public:
  explicit ScimConfigurations(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);
  Task<Answer> get(Call call);
  Task<Answer> create(Call call);
  Task<Answer> update(Call call);
  Task<Answer> remove(Call call);
  Task<Answer> default_mapping(Call call);

  const Services& services_;
};

/// …/scim-configuration/tokens: what the customer's directory authenticates with. A value is shown once.
class ScimTokens {
 public:
  explicit ScimTokens(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);
  Task<Answer> create(Call call);
  Task<Answer> remove(Call call);

  const Services& services_;
};

/// The connection that a call on its SCIM configuration means; strategies without SCIM are refused.
std::expected<model::Connection, Problem> find_scim_connection(db::Transaction& tx, const Call& call);

}  // namespace symbolon::management
