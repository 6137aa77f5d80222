#pragma once

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "login/services.h"
#include "model/client.h"

namespace symbolon::login {

/// Sends a browser that brought no cookie at all over GET /login/resume, before it goes to where a sign-in starts: one that
/// keeps none would be sent back and forth for ever (login-runtime E12). `client` is null when it is not known.
http::Response ask_for_cookies(const http::Request& request, const model::Client* client);

/// GET /login/resume: the cookie is there, then on to where a sign-in starts; or it is not, then a page.
class ResumeEndpoint {
 public:
  explicit ResumeEndpoint(const Services& services) : services_(services) {}

  Task<http::Response> handle(http::Request http);

 private:
  const Services& services_;
};

}  // namespace symbolon::login
