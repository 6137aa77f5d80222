#pragma once

#include "base/clock.h"
#include "base/task.h"
#include "db/database.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"

namespace symbolon::zitadel {

/// The userinfo endpoint's answer to service users: `sub`, `name` and `preferred_username` of the holder of a personal
/// access token or a token of the token endpoint. Everything else goes on to `next`, the endpoint of people.
class ServiceUserinfo {
 public:
  ServiceUserinfo(db::Database& db, http::Handler next, const Clock& clock)
      : db_(db), next_(std::move(next)), clock_(clock) {}

  Task<http::Response> handle(http::Request request);

 private:
  db::Database& db_;
  http::Handler next_;
  const Clock& clock_;
};

}  // namespace symbolon::zitadel
