#pragma once

#include <map>
#include <mutex>
#include <optional>
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
/// 10 min; each attempt carries a token of its own. At most four are on their way to one address, so that a slow one
/// holds up nobody else. After 20 failures in a row an address is left alone for a minute; then a single further failure
/// is enough, until an answer comes. A notice does not wait for ever: see give_up_overdue(). Thread-safe.
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
        egress_(std::move(egress)),
        started_(clock.now()) {}

  /// Leases notices that are due, as many as may be on their way: addresses with the fewest under way come first, and of
  /// one address what has waited longest. Each must be given to deliver(). Reads first, so that an idle server writes
  /// nothing.
  Task<std::vector<store::OutboxItem>> take_due();

  /// The same, unless the last look found places for all that was due: then nothing, and nothing is read.
  Task<std::vector<store::OutboxItem>> take_more();

  /// Ends, as failed, notices that have been due for an hour without an attempt, as those for an address that keeps
  /// failing; up to 100 at a time. True when there may be more. Time in which the server was down does not count.
  Task<bool> give_up_overdue();

  /// One attempt; the last one, when the next would come more than an hour after the session's end. Never throws for what the application does; throws when the database is broken.
  Task<void> deliver(store::OutboxItem item);

 private:
  enum class Verdict { delivered, failed, try_again };
  struct Attempt;
  struct Candidates;

  /// What is known of an address; forgotten when nothing is under way and it answers.
  struct Address {
    std::int64_t under_way = 0;
    int failures = 0;  ///< in a row
    Instant left_alone_until{};
  };

  Task<Attempt> post(store::OutboxItem item, model::Client recipient);
  Task<void> settle(store::OutboxItem item, model::Client recipient, Attempt attempt);
  std::optional<std::int64_t> room_for(const std::string& target, Instant now);
  Candidates find_candidates(db::Transaction& tx, Instant now);
  std::vector<store::OutboxItem> reserve(Candidates found);
  void release(const std::string& target);
  void count(const std::string& target, Verdict verdict, Instant now);

  db::Database& db_;
  SigningKeys& keys_;
  Workers& workers_;
  http::Client& client_;
  const Clock& clock_;
  Random& random_;
  const http::EgressPolicy egress_;
  const Instant started_;
  std::mutex mutex_;
  std::map<std::string, Address> addresses_;
  std::int64_t under_way_ = 0;
  bool more_waits_ = false;  ///< the last look left something behind for want of places
};

}  // namespace symbolon::oidc
