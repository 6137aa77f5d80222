#include "management/management_test.h"
#include "store/log_store.h"
#include "store/user_store.h"

// /api/v2/stats (management-api §6.2).
namespace symbolon::management {
namespace {

using namespace std::chrono_literals;

class StatsTest : public ManagementTest {
 protected:
  void log(const std::string& type, Instant at, const std::string& details = "{}", const TenantId& tenant = kTenant) {
    write([&](db::Transaction& tx) {
      model::LogEvent event;
      event.type = type;
      event.date = at;
      event.details = details;
      store::LogStore(tx, tenant).insert(std::move(event));
    });
  }
  void add_user(const std::string& id, std::optional<Instant> last_login) {
    write([&](db::Transaction& tx) {
      model::User user;
      user.tenant = kTenant;
      user.id = UserId(id);
      user.profile = "{}";
      user.last_login = last_login;
      store::UserStore(tx, kTenant).insert(user);
    });
  }
  static Instant at(const char* text) { return from_iso8601(text).value(); }
};

TEST_F(StatsTest, SignInsAreCountedByDay) {
  log("s", at("2026-03-01T00:00:00Z"));
  log("s", at("2026-03-01T23:59:59.999Z"), R"({"user_created":true})");
  log("f", at("2026-03-01T12:00:00Z"));
  log("s", at("2026-03-02T00:00:00Z"));
  log("s", at("2026-03-02T08:00:00Z"), "{}", kOtherTenant);
  log("s", at("2026-03-04T00:00:00Z"));
  const Reply reply = get("/stats/daily?from=20260301&to=20260303");
  ASSERT_EQ(reply.status, 200) << reply.text;
  ASSERT_EQ(reply.body.as_array().size(), 3u);
  EXPECT_EQ(reply.at("/0/date"), "2026-03-01T00:00:00.000Z");
  EXPECT_EQ(reply.at("/0/logins"), 2);
  EXPECT_EQ(reply.at("/0/signups"), 1);
  EXPECT_EQ(reply.at("/0/leaked_passwords"), 0);
  EXPECT_EQ(reply.at("/1/logins"), 1);
  EXPECT_EQ(reply.at("/1/signups"), 0);
  EXPECT_EQ(reply.at("/2/logins"), 0);
}

TEST_F(StatsTest, TheLastThirtyDaysAreTheDefault) {
  const Reply reply = get("/stats/daily");
  ASSERT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body.as_array().size(), 30u);
  EXPECT_EQ(std::string(reply.at("/29/date").as_string()).substr(0, 10), to_iso8601(clock_.now()).substr(0, 10));
  EXPECT_EQ(get("/stats/daily?to=20260331").at("/0/date"), "2026-03-02T00:00:00.000Z");
}

TEST_F(StatsTest, ARangeThatIsNoneIsRefused) {
  for (const char* query : {"from=20260230", "to=2026-03-1", "from=x", "from=20260302&to=20260301",
                            "from=20260101&to=20260411"}) {
    const Reply reply = get(std::string("/stats/daily?") + query);
    EXPECT_EQ(reply.status, 400) << query;
    EXPECT_EQ(reply.at("/errorCode"), "invalid_query_string") << query;
  }
  EXPECT_EQ(get("/stats/daily?from=20260101&to=20260410").status, 200);
}

TEST_F(StatsTest, ActiveUsersAreThoseOfThirtyDays) {
  EXPECT_EQ(get("/stats/active-users").body, 0);
  add_user("never", std::nullopt);
  add_user("long ago", clock_.now() - 24h * 30 - 1ms);
  add_user("just so", clock_.now() - 24h * 30);
  add_user("today", clock_.now());
  EXPECT_EQ(get("/stats/active-users").body, 2);
}

TEST_F(StatsTest, NeedTheirScope) {
  token_ = token_without("read:stats");
  EXPECT_EQ(get("/stats/daily").status, 403);
  EXPECT_EQ(get("/stats/active-users").status, 403);
}

TEST_F(StatsTest, CountingStopsWhereItWouldTakeTooLong) {
  for (int i = 0; i < 2000; ++i) add_user("u" + std::to_string(i), clock_.now());
  services().search_steps = 1000;
  const Reply reply = get("/stats/active-users");
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.at("/errorCode"), "search_too_large");
}

}  // namespace
}  // namespace symbolon::management
