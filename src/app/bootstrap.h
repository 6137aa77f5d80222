#pragma once

#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "db/database.h"

namespace symbolon::app {

/// Makes sure that the tenant `default` exists with `public_url` as its canonical host, its system API and its global
/// client (management-api §5.1). Idempotent; when the public URL changed, host and API
/// follow it. Answers whether the tenant was made just now.
Task<bool> ensure_default_tenant(db::Database& db, std::string public_url, Random& random, Instant now);

}  // namespace symbolon::app
