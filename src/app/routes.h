#pragma once

#include <vector>

#include "http/router.h"

namespace symbolon::app {

struct Endpoints;

/// Every address that the server answers. A handler that is not in this table does not exist.
std::vector<http::Route> make_routes(Endpoints& endpoints);

}  // namespace symbolon::app
