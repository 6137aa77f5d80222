#pragma once

#include <expected>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/rate_limit.h"
#include "base/task.h"
#include "base/workers.h"
#include "db/database.h"
#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "model/oauth_error.h"
#include "model/service_user.h"

namespace symbolon::zitadel {

/// The token endpoint's answers to service users (zitadel-idps §5.2): the JWT profile (RFC 7523 §2.1), and client
/// credentials with a username for client_id. Everything else goes on to `next`, the endpoint of applications.
class ServiceGrants {
 public:
  ServiceGrants(db::Database& db, http::Handler next, Workers& workers, const Clock& clock, Random& random)
      : db_(db), next_(std::move(next)), workers_(workers), clock_(clock), random_(random) {}

  Task<http::Response> handle(http::Request request);

 private:
  using Proved = std::expected<model::ServiceUser, model::OAuthError>;

  Task<http::Response> by_assertion(http::Request request, http::Form form);
  Task<Proved> prove_assertion(http::Request request, std::string assertion);
  Task<std::optional<http::Response>> by_secret(http::Request request, http::Form form);
  Task<http::Response> issue(http::Request request, model::ServiceUser user, http::Form form);

  db::Database& db_;
  http::Handler next_;
  Workers& workers_;
  const Clock& clock_;
  Random& random_;
  RateLimit failures_{{.per_second = 0.5, .burst = 20}};
};

/// The scopes of `wanted` that a service user gets; unknown ones are left out.
std::vector<std::string> service_scopes(const std::vector<std::string>& wanted);

}  // namespace symbolon::zitadel
