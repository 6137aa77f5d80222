#pragma once

#include <string>

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "model/authorization_request.h"
#include "model/client.h"
#include "model/tenant.h"

namespace symbolon::login {

struct Services;

/// What happens to a checked authorization request (login-runtime §1.7 steps 8–10): single sign-on, the provider,
/// a page of ours, or a refusal. Writes nothing before a provider has proved the person.
class AuthorizeFlow {
 public:
  explicit AuthorizeFlow(const Services& services) : services_(services) {}

  Task<http::Response> run(http::Request http, model::Tenant tenant, model::Client client,
                           model::AuthorizationRequest request);

 private:
  const Services& services_;
};

}  // namespace symbolon::login
