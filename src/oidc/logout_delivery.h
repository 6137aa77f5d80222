#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "base/workers.h"
#include "db/database.h"
#include "http/client.h"
#include "model/client.h"
#include "oidc/signing_keys.h"
#include "store/outbox_store.h"

namespace symbolon::oidc {

/// Tells applications that a session has ended (OpenID Connect Back-Channel Logout 1.0, login-runtime §6.5). Works off
/// the outbox, which survives a restart: a notice is leased, delivered, and removed or put off by 5 s, 30 s, 2 min and
/// 10 min; each attempt carries a token of its own. An address that failed 20 times in a row is left alone for a
/// minute. Thread-safe.
class LogoutDelivery {
 public:
  LogoutDelivery(db::Database& db, SigningKeys& keys, Workers& workers, http::Client& client, const Clock& clock,
                 Random& random, http::EgressPolicy egress)
      : db_(db),
        keys_(keys),
        workers_(workers),
        client_(client),
        clock_(clock),
        random_(random),
        egress_(std::move(egress)) {}

  /// Leases up to `limit` notices that are due. Reads first, so that an idle server writes nothing.
  Task<std::vector<store::OutboxItem>> take_due(std::int64_t limit);

  /// One attempt. Never throws for what the application does; throws when the database is broken.
  Task<void> deliver(store::OutboxItem item);

 private:
  enum class Verdict { delivered, failed, try_again };
  struct Attempt;

  Task<Attempt> post(store::OutboxItem item, model::Client recipient);
  Task<void> settle(store::OutboxItem item, model::Client recipient, Attempt attempt);
  bool is_left_alone(const std::string& target, Instant now);
  void count(const std::string& target, Verdict verdict, Instant now);

  struct Health {
    int failures = 0;
    Instant left_alone_until{};
  };

  db::Database& db_;
  SigningKeys& keys_;
  Workers& workers_;
  http::Client& client_;
  const Clock& clock_;
  Random& random_;
  const http::EgressPolicy egress_;
  std::mutex mutex_;
  std::map<std::string, Health> health_;
};

}  // namespace symbolon::oidc
