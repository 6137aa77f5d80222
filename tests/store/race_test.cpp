// Two hundred requests at the same moment: the store decides, and one wins.
#include <mutex>
#include <set>

#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/grant_store.h"
#include "store/log_store.h"
#include "store/outbox_store.h"
#include "store/refresh_token_store.h"
#include "store/session_store.h"
#include "store/store_test.h"
#include "store/ticket_store.h"
#include "store/user_store.h"

namespace symbolon::store {
namespace {

constexpr int kContenders = 200;

using Attempt = std::function<bool(db::Transaction&)>;

Task<void> contend(db::Database& database, const Attempt& attempt, int& wins) {
  const bool won = co_await database.write([&attempt](db::Transaction& tx) { return attempt(tx); });
  if (won) ++wins;
}

class RaceTest : public StoreTest {
 protected:
  int winners(const Attempt& attempt) {
    int wins = 0;
    std::vector<Task<void>> tasks;
    for (int i = 0; i < kContenders; ++i) tasks.push_back(contend(*database_, attempt, wins));
    run_together(std::move(tasks));
    return wins;
  }
};

TEST_P(RaceTest, T26ACodeIsRedeemedOnce) {
  write([](db::Transaction& tx) {
    GrantStore(tx, kTenant).insert(sample_grant());
    CodeStore(tx, kTenant).insert(sample_code());
  });
  EXPECT_EQ(
      winners([](db::Transaction& tx) { return CodeStore(tx, kTenant).take(sample_code().hash, kNow).has_value(); }),
      1);
}

TEST_P(RaceTest, T26ARefreshTokenIsReplacedOnce) {
  write([](db::Transaction& tx) { RefreshTokenStore(tx, kTenant).insert(sample_refresh_token()); });
  EXPECT_EQ(winners([](db::Transaction& tx) {
              return RefreshTokenStore(tx, kTenant).take_newest(sample_refresh_token().hash, kNow);
            }),
            1);
}

TEST_P(RaceTest, T45AStateIsBurntOnce) {
  EXPECT_EQ(winners([](db::Transaction& tx) {
              return TicketStore(tx, kTenant).burn(TicketKind::login_state, hash_of<model::TicketHash>("s"), kNow) ==
                     Insert::done;
            }),
            1);
}

TEST_P(RaceTest, T9AStoredTicketIsTakenOnce) {
  write([](db::Transaction& tx) { TicketStore(tx, kTenant).insert(sample_ticket()); });
  EXPECT_EQ(winners([](db::Transaction& tx) {
              return TicketStore(tx, kTenant).take(TicketKind::pushed_request, sample_ticket().hash, kNow).has_value();
            }),
            1);
}

TEST_P(RaceTest, ASessionEndsOnce) {
  write([](db::Transaction& tx) { SessionStore(tx, kTenant).insert(sample_session()); });
  EXPECT_EQ(winners([](db::Transaction& tx) { return SessionStore(tx, kTenant).take(SessionId("sid_1")).has_value(); }),
            1);
}

TEST_P(RaceTest, AGrantIsRevokedOnce) {
  write([](db::Transaction& tx) { GrantStore(tx, kTenant).insert(sample_grant()); });
  EXPECT_EQ(winners([](db::Transaction& tx) { return GrantStore(tx, kTenant).revoke(GrantId("grant_1"), kNow); }), 1);
}

TEST_P(RaceTest, APersonIsCreatedOnce) {
  EXPECT_EQ(winners([](db::Transaction& tx) { return UserStore(tx, kTenant).insert(sample_user()) == Insert::done; }),
            1);
}

TEST_P(RaceTest, AnIdentityHasOneOwner) {
  EXPECT_EQ(winners([next = 0](db::Transaction& tx) mutable {
              auto user = sample_user(kTenant, "user " + std::to_string(next++));
              return UserStore(tx, kTenant).insert(user) == Insert::done;
            }),
            1);
  EXPECT_EQ(count("users"), 1);
}

TEST_P(RaceTest, ANameIsTakenOnce) {
  EXPECT_EQ(winners([next = 0](db::Transaction& tx) mutable {
              const auto id = "con_" + std::to_string(next++);
              auto connection = sample_connection(kTenant, id, next % 2 == 0 ? "Corp" : "CORP");
              connection.realms = {connection.name};
              return ConnectionStore(tx, kTenant).insert(connection) == Insert::done;
            }),
            1);
}

TEST_P(RaceTest, AVersionIsUpdatedOnce) {
  write([](db::Transaction& tx) { ClientStore(tx, kTenant).insert(sample_client()); });
  EXPECT_EQ(
      winners([](db::Transaction& tx) { return ClientStore(tx, kTenant).update(sample_client(), 4) == Update::done; }),
      1);
}

TEST_P(RaceTest, ADeliveryIsLeasedOnce) {
  write([](db::Transaction& tx) { OutboxStore(tx).insert(sample_item()); });
  EXPECT_EQ(winners([](db::Transaction& tx) {
              return OutboxStore(tx).take_due(kNow, kNow + std::chrono::seconds(30), 5).size() == 1;
            }),
            1);
}

TEST_P(RaceTest, LogIdsAreAllDifferent) {
  std::set<std::string> ids;
  std::mutex guard;
  winners([&](db::Transaction& tx) {
    const auto id = LogStore(tx, kTenant).insert(sample_event());
    const std::lock_guard lock(guard);
    return ids.insert(id).second;
  });
  EXPECT_EQ(ids.size(), kContenders);
}

INSTANTIATE_TEST_SUITE_P(Drivers, RaceTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
