#pragma once

#include <functional>
#include <vector>

#include "app/sites.h"
#include "base/task.h"
#include "db/database.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "management/api.h"

namespace symbolon::app {

/// From a request as it came in to the handler of the route table: site, route, cross-origin rules, and answers for
/// everything that has no handler.
class Dispatcher {
 public:
  Dispatcher(db::Database& db, Sites& sites, std::vector<http::Route> routes, management::Api& api)
      : db_(db), sites_(sites), router_(std::move(routes)), api_(api) {}

  Task<http::Response> dispatch(http::Request request);

  const http::Router& router() const { return router_; }

 private:
  Task<http::Response> preflight(http::Request request);
  Task<http::Response> routed(http::Request request, const http::Route& route);

  db::Database& db_;
  Sites& sites_;
  http::Router router_;
  management::Api& api_;
};

}  // namespace symbolon::app
