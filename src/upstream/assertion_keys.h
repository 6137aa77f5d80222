#pragma once

#include <expected>
#include <string>

#include "base/id.h"
#include "base/task.h"
#include "crypto/key.h"

namespace symbolon::upstream {

/// What a connection signs its client assertions with.
struct AssertionKey {
  std::string kid;
  crypto::SignatureAlgorithm algorithm;  ///< the key's own, since a new algorithm counts from the next rotation on
  crypto::PrivateKey key;
};

/// Where private_key_jwt connections get their key from (login-runtime RP-62). Implemented over the database.
class AssertionKeys {
 public:
  virtual ~AssertionKeys() = default;

  /// The key in state `current`; made now if the connection has none yet. The error is a sentence for the log.
  virtual Task<std::expected<AssertionKey, std::string>> current(TenantId tenant, ConnectionId connection) = 0;
};

}  // namespace symbolon::upstream
