#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/task.h"
#include "db/database.h"
#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "oidc/client_authentication.h"
#include "zitadel/service_authentication.h"

namespace symbolon::zitadel {

/// Introspection (RFC 7662) and revocation (RFC 7009) of personal access tokens and other tokens of service users, and by
/// service users. Confidential applications of the tenant's own may ask about every such token; a service user may ask
/// about and revoke its own. Everything else goes on to the endpoints of applications.
class ServiceTokens {
 public:
  struct Next {
    http::Handler introspect, revoke;
  };

  ServiceTokens(db::Database& db, ServiceAuthentication& users, oidc::ClientAuthentication& clients, Next next,
                const Clock& clock)
      : db_(db), users_(users), clients_(clients), next_(std::move(next)), clock_(clock) {}

  Task<http::Response> introspect(http::Request request);
  Task<http::Response> revoke(http::Request request);

 private:
  struct Found;

  Task<std::optional<Found>> find(TenantId tenant, std::string token);
  Task<http::Response> describe_to_application(http::Request request, http::Form form, Found found);
  Task<http::Response> refuse_application(http::Request request, http::Form form);

  db::Database& db_;
  ServiceAuthentication& users_;
  oidc::ClientAuthentication& clients_;
  const Next next_;
  const Clock& clock_;
};

}  // namespace symbolon::zitadel
