#pragma once

#include <memory>
#include <string>

#include "http/request.h"
#include "model/log_event.h"

namespace symbolon::oidc {

/// Who is at the other end of a request, for use cases that need nothing else of it.
struct Caller {
  std::shared_ptr<const http::Site> site;
  std::string ip, user_agent;

  static Caller of(const http::Request& request);
  /// An event of the tenant's log (login-runtime §11) with what is known about the caller.
  model::LogEvent event(std::string type, Instant now) const;
};

}  // namespace symbolon::oidc
