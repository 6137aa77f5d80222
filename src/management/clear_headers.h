#pragma once

#include "base/task.h"
#include "crypto/secret_box.h"
#include "db/database.h"

namespace symbolon::management {

/// Seals the customHeaders that earlier programs kept among a connection's options in clear, in every tenant. Does
/// nothing the second time; to be run before anything reads connections. Says how many.
Task<int> seal_clear_headers(db::Database& db, const crypto::SecretBox& box);

}  // namespace symbolon::management
