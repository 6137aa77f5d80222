#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "db/database.h"
#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "model/service_user.h"
#include "zitadel/service_authentication.h"

namespace symbolon::zitadel {

/// The token endpoint's answers to service users (zitadel-idps §5.2): the JWT profile (RFC 7523 §2.1), and client
/// credentials with a username for client_id. Everything else goes on to `next`, the endpoint of applications.
class ServiceGrants {
 public:
  ServiceGrants(db::Database& db, ServiceAuthentication& users, http::Handler next, const Clock& clock, Random& random)
      : db_(db), users_(users), next_(std::move(next)), clock_(clock), random_(random) {}

  Task<http::Response> handle(http::Request request);

 private:
  Task<http::Response> by_assertion(http::Request request, http::Form form);
  Task<std::optional<http::Response>> by_secret(http::Request request, http::Form form);
  Task<http::Response> issue(http::Request request, model::ServiceUser user, http::Form form);

  db::Database& db_;
  ServiceAuthentication& users_;
  http::Handler next_;
  const Clock& clock_;
  Random& random_;
};

/// The scopes of `wanted` that a service user gets; unknown ones are left out.
std::vector<std::string> service_scopes(const std::vector<std::string>& wanted);

}  // namespace symbolon::zitadel
