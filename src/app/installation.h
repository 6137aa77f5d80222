#pragma once

#include <memory>

#include "app/config.h"
#include "base/clock.h"
#include "crypto/random.h"
#include "crypto/secret_box.h"
#include "db/database.h"

namespace symbolon::app {

/// What lies in the data directory: the database and the master keys that its secrets are sealed with. Every command
/// opens it the same way, also while the server runs.
class Installation {
 public:
  /// Makes what is missing. Throws with a sentence for the operator.
  explicit Installation(const Config& config);

  SystemClock clock;
  crypto::SystemRandom random;
  std::unique_ptr<crypto::SecretBox> box;
  std::unique_ptr<db::Database> db;
};

}  // namespace symbolon::app
