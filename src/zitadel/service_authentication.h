#pragma once

#include <expected>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/rate_limit.h"
#include "base/task.h"
#include "base/workers.h"
#include "db/database.h"
#include "http/form.h"
#include "http/request.h"
#include "model/oauth_error.h"
#include "model/service_user.h"

namespace symbolon::zitadel {

/// How service users prove who they are where applications do the same (zitadel-idps §5.2). Who fails too often with a
/// secret from one address gets too_many_requests there.
class ServiceAuthentication {
 public:
  using Proved = std::expected<model::ServiceUser, model::OAuthError>;

  ServiceAuthentication(db::Database& db, Workers& workers, const Clock& clock)
      : db_(db), workers_(workers), clock_(clock) {}

  /// A JWT profile assertion (RFC 7523 §3); one with a `jti` works once. invalid_grant for anything wrong with it.
  Task<Proved> by_assertion(http::Request request, std::string assertion);
  /// The username for client_id, with a secret. Nullopt when no service user is named: then it is an application.
  Task<std::optional<Proved>> by_secret(http::Request request, http::Form form);
  /// by_secret(), or an assertion as client_assertion (RFC 7523 §2.2). invalid_client for anything wrong with either.
  Task<std::optional<Proved>> by_client_credentials(http::Request request, http::Form form);

 private:
  db::Database& db_;
  Workers& workers_;
  const Clock& clock_;
  RateLimit failures_{{.per_second = 0.5, .burst = 20}};
};

}  // namespace symbolon::zitadel
