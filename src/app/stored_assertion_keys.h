#pragma once

#include "base/random.h"
#include "base/workers.h"
#include "crypto/secret_box.h"
#include "db/database.h"
#include "upstream/assertion_keys.h"

namespace symbolon::app {

/// Keys of private_key_jwt connections as the database holds them (login-runtime RP-62).
class StoredAssertionKeys final : public upstream::AssertionKeys {
 public:
  StoredAssertionKeys(db::Database& db, const crypto::SecretBox& box) : db_(db), box_(box) {}

  Task<std::expected<upstream::AssertionKey, std::string>> current(TenantId tenant, ConnectionId connection) override;

 private:
  db::Database& db_;
  const crypto::SecretBox& box_;
};

}  // namespace symbolon::app
