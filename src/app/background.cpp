#include "app/background.h"

#include <memory>

#include "base/log.h"
#include "login/connection_end.h"
#include "login/end_session.h"
#include "management/clear_headers.h"
#include "net/wait.h"
#include "store/session_store.h"
#include "store/sweep.h"

namespace symbolon::app {
namespace {

constexpr std::chrono::seconds kPause{30};
constexpr std::chrono::seconds kRefreshPause{60};
constexpr std::int64_t kRowsAtATime = 500;
constexpr std::chrono::seconds kDeliveryPause{1};

// One by one, so that every application of a session hears of its end (login-runtime SE-14).
std::int64_t end_sessions(db::Transaction& tx, Instant now) {
  const auto ended = store::SessionStore::find_ended(tx, now, kRowsAtATime);
  for (const model::Session& session : ended)
    login::end_session(tx, session.tenant, session.id, login::LogoutInitiator::session_expired, now);
  return static_cast<std::int64_t>(ended.size());
}

struct Courier {
  oidc::LogoutDelivery& delivery;
  std::function<void(Task<void>)> spawn;
};

void send(std::shared_ptr<const Courier> courier, std::vector<store::OutboxItem> items);

// Whoever comes back takes more at once, so that a long queue is not worked off a second at a time.
Task<void> carry(std::shared_ptr<const Courier> courier, store::OutboxItem item) {
  try {
    co_await courier->delivery.deliver(std::move(item));
    send(courier, co_await courier->delivery.take_more());
  } catch (const std::exception& error) {
    log::error("logout_delivery_failed", {{"detail", error.what()}});
  }
}

void send(std::shared_ptr<const Courier> courier, std::vector<store::OutboxItem> items) {
  for (store::OutboxItem& item : items) courier->spawn(carry(courier, std::move(item)));
}

}  // namespace

Task<void> sweep_for_ever(db::Database& db, const crypto::SecretBox& box, const Clock& clock,
                          std::chrono::days log_retention) {
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
      co_await login::end_removed_connections(db, clock.now());
      co_await management::seal_clear_headers(db, box);
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
  const auto courier = std::make_shared<const Courier>(Courier{delivery, std::move(spawn)});
  for (;;) {
    co_await net::wait(kDeliveryPause);
    try {
      do send(courier, co_await courier->delivery.take_due());
      while (co_await courier->delivery.give_up_overdue());
    } catch (const std::exception& error) {
      log::error("logout_delivery_failed", {{"detail", error.what()}});
    }
  }
}

}  // namespace symbolon::app
