#include "store/session_store.h"
#include "store/store_test.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;

// login-runtime SE-12.
class SessionShorteningTest : public StoreTest {
 protected:
  static model::Session session(const std::string& id, bool persistent = true) {
    model::Session made = sample_session(kTenant, id);
    made.cookie = hash_of<model::SessionCookieHash>(id);
    made.previous_cookie = {};
    made.persistent = persistent;
    made.authenticated_at = kNow - 2h;
    made.last_interacted_at = kNow - 1h;
    made.idle_expires_at = kNow + 71h;
    made.expires_at = kNow + 166h;
    return made;
  }
  static model::SessionLifetimes lifetimes(std::chrono::seconds idle, std::chrono::seconds absolute) {
    model::SessionLifetimes made;
    made.idle = idle;
    made.absolute = absolute;
    return made;
  }
};

TEST_P(SessionShorteningTest, BringsEndsForwardAndNeverBack) {
  write([&](db::Transaction& tx) {
    SessionStore sessions(tx, kTenant);
    sessions.insert(session("a"));
    sessions.insert(session("b", false));
    const auto ends = [&](const char* id) {
      const auto found = sessions.find(SessionId(id)).value();
      return std::pair(found.idle_expires_at - kNow, found.expires_at - kNow);
    };
    using Ends = std::pair<Instant::duration, Instant::duration>;
    sessions.shorten(lifetimes(24h, 48h), {}, 100);
    EXPECT_EQ(ends("a"), Ends(23h, 46h));
    EXPECT_EQ(ends("b"), Ends(23h, 70h)) << "the ephemeral limits are settings of their own";
    sessions.shorten(lifetimes(72h, 168h), {}, 100);
    EXPECT_EQ(ends("a"), Ends(23h, 46h)) << "a longer lifetime is for new sessions";

    EXPECT_TRUE(SessionStore::find_ended(tx, kNow, 10).empty());
    sessions.shorten(lifetimes(30min, 48h), {}, 100);
    const auto over = SessionStore::find_ended(tx, kNow, 10);
    ASSERT_EQ(over.size(), 1u) << "the sweep finds it, so that its applications are told";
    EXPECT_EQ(over[0].id, SessionId("a"));
    sessions.shorten(lifetimes(30min, 1h), {}, 100);
    EXPECT_EQ(ends("a"), Ends(-30min, -1h));
  });
}

TEST_P(SessionShorteningTest, GoesPieceByPieceThroughItsOwnTenant) {
  write([&](db::Transaction& tx) {
    SessionStore sessions(tx, kTenant);
    for (const char* id : {"a", "b", "c"}) sessions.insert(session(id));
    const TenantId other("other");
    model::Session foreign = session("a");
    foreign.tenant = other;
    SessionStore(tx, other).insert(foreign);

    const auto limits = lifetimes(30min, 1h);
    const auto is_over = [&](const char* id) { return !sessions.find(SessionId(id))->is_live(kNow); };
    const SessionId first = sessions.shorten(limits, {}, 2);
    EXPECT_EQ(first, SessionId("b"));
    EXPECT_TRUE(is_over("a") && is_over("b"));
    EXPECT_FALSE(is_over("c"));
    EXPECT_EQ(sessions.shorten(limits, first, 2), SessionId("c"));
    EXPECT_TRUE(is_over("c"));
    EXPECT_TRUE(sessions.shorten(limits, SessionId("c"), 2).empty());
    EXPECT_TRUE(SessionStore(tx, other).find(SessionId("a"))->is_live(kNow));
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, SessionShorteningTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
