#include "app/background.h"

#include "base/log.h"
#include "net/wait.h"
#include "store/session_store.h"
#include "store/sweep.h"

namespace symbolon::app {
namespace {

constexpr std::chrono::seconds kPause{30};
constexpr std::chrono::seconds kRefreshPause{60};
constexpr std::int64_t kRowsAtATime = 500;

// Ended sessions go one by one, so that whoever has to hear of an end can be told in the same transaction.
std::int64_t end_sessions(db::Transaction& tx, Instant now) {
  const auto ended = store::SessionStore::find_ended(tx, now, kRowsAtATime);
  for (const model::Session& session : ended) store::SessionStore(tx, session.tenant).take(session.id);
  return static_cast<std::int64_t>(ended.size());
}

}  // namespace

Task<void> sweep_for_ever(db::Database& db, const Clock& clock, std::chrono::days log_retention) {
  for (;;) {
    co_await net::wait(kPause);
    try {
      std::int64_t removed = 0;
      do {
        const Instant now = clock.now();
        removed = co_await db.write([&](db::Transaction& tx) {
          return store::sweep(tx, now, now - log_retention, kRowsAtATime) + end_sessions(tx, now);
        });
      } while (removed >= kRowsAtATime);
    } catch (const std::exception& error) {
      log::error("sweep_failed", {{"detail", error.what()}});
    }
  }
}

Task<void> refresh_metadata_for_ever(management::MetadataRefresh& refresh) {
  for (;;) {
    co_await net::wait(kRefreshPause);
    try {
      while (co_await refresh.refresh_next()) {
      }
    } catch (const std::exception& error) {
      log::error("metadata_refresh_failed", {{"detail", error.what()}});
    }
  }
}

}  // namespace symbolon::app
