#pragma once

#include <functional>

#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "base/workers.h"
#include "crypto/secret_box.h"
#include "db/database.h"
#include "http/egress.h"
#include "upstream/discovery.h"

namespace symbolon::management {

/// What the resources need from outside; everything outlives the server's threads.
struct Services {
  db::Database& db;
  const crypto::SecretBox& box;
  const Clock& clock;
  Random& random;
  Workers& workers;
  upstream::Discoverer& discoverer;
  http::EgressPolicy egress;              ///< server-wide; connections may add networks of their own
  bool insecure_upstreams_allowed = false;  ///< --dev: providers on http and private addresses
  /// What one search may cost (db::StepBudget): some 100,000 users or 200,000 log events looked at one by one, or a
  /// million of either that the database passes over alone.
  std::int64_t search_steps = 10'000'000;
};

}  // namespace symbolon::management
