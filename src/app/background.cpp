#include "app/background.h"

#include "base/log.h"
#include "net/wait.h"
#include "store/sweep.h"

namespace symbolon::app {
namespace {

constexpr std::chrono::seconds kPause{30};
constexpr std::chrono::seconds kRefreshPause{60};
constexpr std::int64_t kRowsAtATime = 500;

}  // namespace

Task<void> sweep_for_ever(db::Database& db, const Clock& clock, std::chrono::days log_retention) {
  for (;;) {
    co_await net::wait(kPause);
    try {
      std::int64_t removed = 0;
      do {
        const Instant now = clock.now();
        removed = co_await db.write(
            [&](db::Transaction& tx) { return store::sweep(tx, now, now - log_retention, kRowsAtATime); });
      } while (removed >= kRowsAtATime);
    } catch (const db::DatabaseError& error) {
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
    } catch (const db::DatabaseError& error) {
      log::error("metadata_refresh_failed", {{"detail", error.what()}});
    }
  }
}

}  // namespace symbolon::app
