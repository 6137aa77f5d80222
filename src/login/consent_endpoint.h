#pragma once

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "login/authorize_flow.h"
#include "login/services.h"
#include "login/visit.h"

namespace symbolon::login {

/// /u/consent (login-runtime §1.17): the person allows an application what it asks for, or does not. Only the browser that
/// signed the person in can answer, with the form that was made for it (threats T23).
class ConsentEndpoint {
 public:
  ConsentEndpoint(const Services& services, AuthorizeFlow& flow) : services_(services), flow_(flow) {}

  Task<http::Response> show(http::Request http);
  Task<http::Response> take(http::Request http);

 private:
  Task<http::Response> render(http::Request http, Visit visit);
  Task<http::Response> decline(http::Request http, Visit visit);

  const Services& services_;
  AuthorizeFlow& flow_;
};

}  // namespace symbolon::login
