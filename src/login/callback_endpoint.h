#pragma once

#include "base/task.h"
#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "login/failure.h"
#include "login/finish.h"
#include "login/first_contact_endpoint.h"
#include "login/services.h"
#include "login/try_connection.h"
#include "model/tenant.h"
#include "tickets/login_ticket.h"

namespace symbolon::login {

/// GET and POST of every model::CallbackPath: where providers send browsers back (login-runtime §2.6). Which of the shared
/// ones a provider uses does not matter, the login in flight is the same; an address of a connection's own takes answers
/// to its logins only, and they are taken nowhere else.
class CallbackEndpoint {
 public:
  CallbackEndpoint(const Services& services, FailureReporter& failures)
      : services_(services), failures_(failures), finish_(services), try_(services, failures), contact_(services, failures) {}

  Task<http::Response> handle(http::Request http);

 private:
  struct Arrival;

  Task<http::Response> without_ticket(http::Request http, Arrival arrival);
  Task<http::Response> conclude(http::Request http, Arrival arrival);
  Task<http::Response> fail(http::Request http, Arrival arrival, RefusedSignIn refused);
  http::Response show_not_offered(const http::Request& http, const Arrival& arrival, std::string reference);
  http::Response ended(const http::Request& http, const Arrival& arrival);

  const Services& services_;
  FailureReporter& failures_;
  Finish finish_;
  TryConnection try_;
  FirstContactEndpoint contact_;
};

}  // namespace symbolon::login
