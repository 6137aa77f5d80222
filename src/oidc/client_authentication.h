#pragma once

#include <expected>
#include <string>

#include "base/clock.h"
#include "base/rate_limit.h"
#include "base/task.h"
#include "base/workers.h"
#include "db/database.h"
#include "http/form.h"
#include "http/request.h"
#include "model/client.h"
#include "model/oauth_error.h"
#include "oidc/presented_credentials.h"

namespace symbolon::oidc {

/// Client authentication of every endpoint that clients call directly (login-runtime TK-1…TK-3). One read of the
/// database, and a write for private_key_jwt, whose assertion is burnt.
class ClientAuthentication {
 public:
  ClientAuthentication(db::Database& db, Workers& workers, const Clock& clock)
      : db_(db), workers_(workers), clock_(clock) {}

  /// The client, with its record as it is now. A wrong, missing or unknown credential is invalid_client, all with one
  /// description; only the detail tells them apart. Who fails too often from one address gets too_many_requests
  /// before anything is looked at (SEC-43); others from that address, and the client from elsewhere, do not.
  Task<std::expected<model::Client, model::OAuthError>> authenticate(http::Request request, http::Form form);

 private:
  Task<std::expected<model::Client, model::OAuthError>> prove(http::Request request, http::Form form,
                                                              PresentedCredentials presented);
  Task<std::expected<model::Client, model::OAuthError>> check_assertion(http::Request request, model::Client client,
                                                                        std::string assertion);

  db::Database& db_;
  Workers& workers_;
  const Clock& clock_;
  RateLimit failures_{{.per_second = 0.5, .burst = 20}};
};

}  // namespace symbolon::oidc
