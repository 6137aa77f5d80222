#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/rate_limit.h"
#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "login/failure.h"
#include "login/visit.h"
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

  /// The person on the consent page said yes: what was asked is written down and the request answered, both or neither.
  Task<http::Response> accept_consent(http::Request http, Visit visit);

 private:
  struct Situation;
  struct Obstacle;

  /// Why the request's connection, or no connection at all, can sign anybody in; nullopt: it can.
  static std::optional<Obstacle> find_obstacle(const Situation& situation, const model::Client& client,
                                               const model::AuthorizationRequest& request);
  struct Consented;

  Task<http::Response> answer(http::Request http, model::Tenant tenant, model::Client client,
                              model::AuthorizationRequest request);
  Task<http::Response> sign_on(http::Request http, model::Tenant tenant, model::Client client,
                               model::AuthorizationRequest request, model::Session session,
                               std::optional<Consented> consented);
  Task<http::Response> authenticate(http::Request http, model::Tenant tenant, model::Client client,
                                    model::AuthorizationRequest request, Situation situation);
  Task<http::Response> show(http::Request http, model::Client client, tickets::Interaction page,
                            std::string_view path);
  Task<http::Response> refuse_silently(http::Request http, model::Client client, model::AuthorizationRequest request,
                                       std::optional<model::Session> session, model::OAuthError error);
  Task<http::Response> refuse(http::Request http, model::Client client, model::AuthorizationRequest request,
                              Obstacle obstacle);

  const Services& services_;
  FailureReporter& failures_;
  /// A page elsewhere can make a signed-in browser ask again and again; more rows than this tell nobody more.
  RateLimit silent_failures_{{.per_second = 0.1, .burst = 6}};
};

}  // namespace symbolon::login
