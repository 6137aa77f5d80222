#pragma once

#include <optional>
#include <string>

#include "base/rate_limit.h"
#include "base/task.h"
#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "login/services.h"
#include "model/client.h"
#include "model/tenant.h"

namespace symbolon::login {

/// GET and POST /login/initiate: sign-in started at a provider (OpenID Connect Core §4, login-runtime §2.6). Signs nobody
/// in and trusts nothing of what it is told: the person goes to the place that the application, or else the tenant, has
/// registered, from where an ordinary sign-in starts.
///
/// `iss` must name a connection's provider. The application is the one of `client_id`, else the only one to which
/// `target_link_uri` belongs; it must be allowed to use such a connection. Without one nothing is told about providers.
class InitiateEndpoint {
 public:
  explicit InitiateEndpoint(const Services& services) : services_(services) {}

  Task<http::Response> handle(http::Request http);

 private:
  struct Found;
  Task<Found> look_up(http::Site site, http::Form form);

  const Services& services_;
  RateLimit visits_{{.per_second = 1, .burst = 60}};      // of each address
  RateLimit searches_{{.per_second = 5, .burst = 100}};  // of each tenant: a walk over its connections on the one thread
};

}  // namespace symbolon::login
