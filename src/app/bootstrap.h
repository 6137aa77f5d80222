#pragma once

#include <expected>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/task.h"
#include "db/database.h"

namespace symbolon::app {

/// Makes sure that the tenant `default` exists with `public_url` as its canonical host, its system API and its global
/// client (management-api §5.1). Idempotent; when the public URL changed, host and API
/// follow it. Answers whether the tenant was made just now.
Task<bool> ensure_default_tenant(db::Database& db, std::string public_url, Random& random, Instant now);

/// A tenant of that name with `base_urls` as its host names, the first of them canonical; with its system API and global
/// client. The sentence for the operator when the name is taken or malformed, or a host belongs to somebody already.
Task<std::expected<void, std::string>> create_tenant(db::Database& db, TenantId name,
                                                     std::vector<std::string> base_urls, Random& random, Instant now);

}  // namespace symbolon::app
