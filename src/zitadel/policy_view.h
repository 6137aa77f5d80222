#pragma once

#include <boost/json.hpp>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/transaction.h"
#include "model/login_policy.h"
#include "zitadel/api.h"
#include "zitadel/message.h"
#include "zitadel/policy_document.h"
#include "zitadel/wire.h"

namespace symbolon::zitadel {

Details policy_details(const model::LoginPolicy& policy, std::string resource_owner);

/// `LoginPolicy` of zitadel-idps §4.7. `is_default`: it is the instance's.
boost::json::object show_policy(db::Transaction& tx, const Call& call, const model::LoginPolicy& policy,
                                bool is_default);

/// `[{idpId, idpName, idpType}]`; OAuth providers have no type in that list.
boost::json::array show_policy_providers(db::Transaction& tx, const TenantId& tenant,
                                         const model::OrganisationId& owner);

boost::json::array factors_of(const boost::json::object& document, FactorKind kind);

/// IDP_OWNER_TYPE_ + UNSPECIFIED 0, SYSTEM 1, ORG 2.
Message::Enum owner_types();

/// AddCustomLoginPolicyRequest: an update with factors and providers beside.
struct NewPolicy {
  boost::json::object document;
  /// Id, and whether it is the organisation's own; absent: take the instance's list.
  std::optional<std::vector<std::pair<std::string, bool>>> providers;
};
std::expected<NewPolicy, Error> read_new_policy(Message& request, std::string_view bad_uri_id);

/// `query` of a list request; limit 0 means all, at most 1000.
struct ListWindow {
  std::int64_t offset = 0;
  std::int64_t limit = 1000;
};
std::expected<ListWindow, Error> read_window(Message& request);

}  // namespace symbolon::zitadel
