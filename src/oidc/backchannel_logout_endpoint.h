#pragma once

#include <expected>
#include <string>

#include "base/clock.h"
#include "base/rate_limit.h"
#include "base/task.h"
#include "db/database.h"
#include "http/client.h"
#include "http/request.h"
#include "http/response.h"
#include "model/connection.h"
#include "upstream/jwks_cache.h"
#include "upstream/logout_token.h"

namespace symbolon::oidc {

/// POST /oauth/backchannel-logout/connection/{name} (login-runtime §6.6): a provider says that somebody left, and every
/// session that came from that sign-in ends here too. All refusals look alike; the log tells them apart.
class BackchannelLogoutEndpoint {
 public:
  BackchannelLogoutEndpoint(db::Database& db, upstream::JwksCache& keys, http::Client& client, const Clock& clock,
                            http::EgressPolicy egress)
      : db_(db), keys_(keys), client_(client), clock_(clock), egress_(std::move(egress)) {}

  Task<http::Response> handle(http::Request request);

 private:
  Task<std::expected<upstream::LogoutToken, std::string>> verify(std::shared_ptr<const model::Connection> connection,
                                                                 std::string compact);

  db::Database& db_;
  upstream::JwksCache& keys_;
  http::Client& client_;
  const Clock& clock_;
  const http::EgressPolicy egress_;
  RateLimit calls_{{.per_second = 200, .burst = 2000}};
};

}  // namespace symbolon::oidc
