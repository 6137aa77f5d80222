#include "app/background.h"

#include <atomic>

#include "base/log.h"
#include "login/end_session.h"
#include "net/wait.h"
#include "store/session_store.h"
#include "store/sweep.h"

namespace symbolon::app {
namespace {

constexpr std::chrono::seconds kPause{30};
constexpr std::chrono::seconds kRefreshPause{60};
constexpr std::int64_t kRowsAtATime = 500;
constexpr std::chrono::seconds kDeliveryPause{1};
constexpr int kDeliveriesAtATime = 32;

// One by one, so that every application of a session hears of its end (login-runtime SE-14).
std::int64_t end_sessions(db::Transaction& tx, Instant now) {
  const auto ended = store::SessionStore::find_ended(tx, now, kRowsAtATime);
  for (const model::Session& session : ended)
    login::end_session(tx, session.tenant, session.id, login::LogoutInitiator::session_expired, now);
  return static_cast<std::int64_t>(ended.size());
}

// Returns its place when the attempt is over, however it ends.
Task<void> deliver(oidc::LogoutDelivery& delivery, store::OutboxItem item,
                   std::shared_ptr<std::atomic<int>> under_way) {
  try {
    co_await delivery.deliver(std::move(item));
  } catch (const std::exception& error) {
    log::error("logout_delivery_failed", {{"detail", error.what()}});
  }
  --*under_way;
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

Task<void> deliver_logouts_for_ever(oidc::LogoutDelivery& delivery, std::function<void(Task<void>)> spawn) {
  const auto under_way = std::make_shared<std::atomic<int>>(0);
  for (;;) {
    co_await net::wait(kDeliveryPause);
    try {
      const int places = kDeliveriesAtATime - under_way->load();
      if (places <= 0) continue;
      for (store::OutboxItem& item : co_await delivery.take_due(places)) {
        ++*under_way;
        spawn(deliver(delivery, std::move(item), under_way));
      }
    } catch (const std::exception& error) {
      log::error("logout_delivery_failed", {{"detail", error.what()}});
    }
  }
}

}  // namespace symbolon::app
