#pragma once

#include <boost/json/fwd.hpp>

#include "base/task.h"
#include "db/database.h"
#include "http/request.h"
#include "http/response.h"
#include "model/tenant.h"

namespace symbolon::oidc {

/// GET /.well-known/openid-configuration and /.well-known/oauth-authorization-server (OpenID Connect Discovery §3,
/// RFC 8414). Lists what is served and nothing else.
class DiscoveryEndpoint {
 public:
  explicit DiscoveryEndpoint(db::Database& db) : db_(db) {}

  Task<http::Response> handle(http::Request request);

 private:
  db::Database& db_;
};

boost::json::object discovery_document(const http::Site& site, const model::Tenant& tenant);

}  // namespace symbolon::oidc
