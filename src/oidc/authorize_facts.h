#pragma once

#include <optional>
#include <string>

#include "db/transaction.h"
#include "http/form.h"
#include "http/site.h"
#include "model/client.h"
#include "model/tenant.h"
#include "oidc/api_access.h"
#include "oidc/authorize_request.h"

namespace symbolon::oidc {

/// Everything that one read of the database tells about an authorization request, pushed or not.
struct AuthorizeFacts {
  model::Tenant tenant;
  std::optional<model::Client> client;
  std::string audience;          ///< asked for, or the tenant's default
  std::optional<ApiAccess> api;  ///< of `audience`
  bool realm_is_connection = false;

  /// What check_authorize_request() judges by; refers to this object, whose client must be known.
  AuthorizeContext context(std::optional<std::string> hinted_subject) const;
};
AuthorizeFacts find_authorize_facts(db::Transaction& tx, const http::Site& site, const http::Form& form);

/// The tenant of a site; throws when it was deleted meanwhile.
model::Tenant find_tenant(db::Transaction& tx, const TenantId& id);

}  // namespace symbolon::oidc
