#pragma once

#include <string>

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "login/failure.h"
#include "model/authorization_request.h"
#include "model/client.h"
#include "model/tenant.h"

namespace symbolon::login {

/// What happens to a checked authorization request (login-runtime §1.7 steps 8–10): single sign-on, the provider,
/// a page of ours, or a refusal. Writes nothing before a provider has proved the person.
class AuthorizeFlow {
 public:
  AuthorizeFlow(const Services& services, FailureReporter& failures) : services_(services), failures_(failures) {}

  Task<http::Response> run(http::Request http, model::Tenant tenant, model::Client client,
                           model::AuthorizationRequest request);

 private:
  struct Situation;

  Task<http::Response> answer(http::Request http, model::Tenant tenant, model::Client client,
                              model::AuthorizationRequest request);
  Task<http::Response> sign_on(http::Request http, model::Tenant tenant, model::Client client,
                               model::AuthorizationRequest request, model::Session session);
  Task<http::Response> authenticate(http::Request http, model::Tenant tenant, model::Client client,
                                    model::AuthorizationRequest request, Situation situation);
  Task<http::Response> refuse(http::Request http, model::Client client, model::AuthorizationRequest request,
                              std::string rule, model::OAuthError error);

  const Services& services_;
  FailureReporter& failures_;
};

}  // namespace symbolon::login
