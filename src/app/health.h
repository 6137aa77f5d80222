#pragma once

#include "base/task.h"
#include "db/database.h"
#include "http/request.h"
#include "http/response.h"

namespace symbolon::app {

/// The process runs.
Task<http::Response> alive();

/// The database answers. For callers on this machine also how much it has done, which the benchmarks read.
Task<http::Response> ready(db::Database& db, http::Request request);

}  // namespace symbolon::app
