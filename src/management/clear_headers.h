#pragma once

#include "base/task.h"
#include "crypto/secret_box.h"
#include "db/database.h"
#include "model/connection.h"

namespace symbolon::management {

/// Seals the customHeaders that earlier programs kept among a connection's options in clear; they are newer than what is
/// sealed already. False when there are none, for example when the options only mention the word.
bool seal_clear_headers(model::Connection& connection, const crypto::SecretBox& box);

/// Does so with what is stored, in every tenant. Does nothing the second time; to be run before anybody signs in, and
/// again while an earlier program may still write to the same database. Says how many.
Task<int> seal_clear_headers(db::Database& db, const crypto::SecretBox& box);

}  // namespace symbolon::management
