#include "oidc/caller.h"

#include "base/text.h"

namespace symbolon::oidc {

Caller Caller::of(const http::Request& request) {
  return {request.site, request.client_address, printable(request.headers.get("User-Agent"), 512)};
}

model::LogEvent Caller::event(std::string type, Instant now) const {
  model::LogEvent event;
  event.date = now;
  event.type = std::move(type);
  event.ip = ip;
  event.user_agent = user_agent;
  event.hostname = site->host;
  return event;
}

}  // namespace symbolon::oidc
