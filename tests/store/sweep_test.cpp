#include "store/sweep.h"

#include "store/grant_store.h"
#include "store/log_store.h"
#include "store/refresh_token_store.h"
#include "store/store_test.h"
#include "store/table_dump.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;

class SweepTest : public StoreTest {};

constexpr const char* kSweptTables[] = {"authorization_codes", "access_tokens", "refresh_tokens", "grants",
                                        "used_tickets",        "tickets",       "log_events",     "self_service_tickets"};

TEST_P(SweepTest, LeavesWhatIsNotOver) {
  write([](db::Transaction& tx) {
    populate(tx, kTenant);
    const auto before = dump_tenant(tx, kTenant);
    EXPECT_EQ(sweep(tx, kNow + 59s, kNow, 100), 0);
    EXPECT_EQ(dump_tenant(tx, kTenant), before);
  });
}

TEST_P(SweepTest, TakesEveryRowWhoseTimeHasPassedInEveryTenant) {
  write([](db::Transaction& tx) {
    populate(tx, kTenant);
    populate(tx, TenantId("other"));
    EXPECT_EQ(sweep(tx, kNow + 60s, kNow, 100), 4) << "tickets and burnt tickets of one minute";
    EXPECT_EQ(sweep(tx, kNow + 1h, kNow, 100), 4) << "access tokens, idle refresh tokens";
    EXPECT_EQ(sweep(tx, kNow + 24h + 60s, kNow, 100), 2) << "codes, whose replay was watched for until now";
    EXPECT_EQ(sweep(tx, kNow + 48h, kNow, 100), 2) << "grants";
    EXPECT_EQ(sweep(tx, kNow + 48h, kNow + 1ms, 100), 2) << "log events";
    EXPECT_EQ(sweep(tx, kNow + 120h, kNow, 100), 2) << "set-up links";
    for (const char* table : kSweptTables) EXPECT_TRUE(dump_table(tx, table).empty()) << table;
    EXPECT_EQ(dump_table(tx, "sessions").size(), 2u) << "their end has to be told";
    EXPECT_EQ(dump_table(tx, "users").size(), 2u);
  });
}

TEST_P(SweepTest, RefreshTokensEndByEitherLimitOrNever) {
  write([](db::Transaction& tx) {
    RefreshTokenStore tokens(tx, kTenant);
    const auto add = [&](const char* id, std::optional<Instant> absolute, std::optional<Instant> idle) {
      auto token = sample_refresh_token(id, id);
      token.expires_at = absolute;
      token.idle_expires_at = idle;
      tokens.insert(token);
    };
    add("absolute", kNow, kNow + 1h);
    add("idle", kNow + 1h, kNow);
    add("idle only", std::nullopt, kNow);
    add("no idle end", kNow + 1h, std::nullopt);
    add("for ever", std::nullopt, std::nullopt);
    EXPECT_EQ(sweep(tx, kNow - 1ms, kNow, 100), 0);
    EXPECT_EQ(sweep(tx, kNow, kNow, 100), 3);
    for (const char* over : {"absolute", "idle", "idle only"}) EXPECT_FALSE(tokens.find_by_id(over)) << over;
    EXPECT_TRUE(tokens.find_by_id("no idle end"));
    EXPECT_EQ(sweep(tx, kNow + 99999h, kNow, 100), 1);
    EXPECT_TRUE(tokens.find_by_id("for ever"));
  });
}

TEST_P(SweepTest, AGrantStaysAsLongAsARefreshTokenNeedsIt) {
  write([](db::Transaction& tx) {
    GrantStore grants(tx, kTenant);
    grants.insert(sample_grant());
    auto token = sample_refresh_token();
    token.expires_at = token.idle_expires_at = std::nullopt;
    RefreshTokenStore(tx, kTenant).insert(token);
    const Instant later = kNow + 99999h;
    EXPECT_EQ(sweep(tx, later, kNow, 100), 0);
    EXPECT_GT(grants.find(sample_grant().id)->expires_at, later) << "not looked at again at every sweep";
    RefreshTokenStore(tx, kTenant).revoke_family(token);
    EXPECT_EQ(sweep(tx, later + 99999h, kNow, 100), 1);
    EXPECT_FALSE(grants.find(sample_grant().id));
  });
}

// SEC-60: no sweep holds the writer for long.
TEST_P(SweepTest, TakesNoMoreOfATableThanItMay) {
  write([](db::Transaction& tx) {
    GrantStore(tx, kTenant).insert(sample_grant());
    for (int i = 0; i < 5; ++i) CodeStore(tx, kTenant).insert(sample_code("code " + std::to_string(i)));
    EXPECT_EQ(sweep(tx, kNow + 25h, kNow, 2), 2);
    EXPECT_EQ(sweep(tx, kNow + 25h, kNow, 2), 2);
    EXPECT_EQ(sweep(tx, kNow + 25h, kNow, 2), 1);
    EXPECT_EQ(sweep(tx, kNow + 25h, kNow, 2), 0);
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, SweepTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
