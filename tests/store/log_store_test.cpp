#include "store/log_store.h"

#include <algorithm>

#include "store/store_test.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;

class LogStoreTest : public StoreTest {};

model::LogEvent event(Instant date, const char* type = "s", const char* user = "") {
  model::LogEvent one;
  one.date = date;
  one.type = type;
  one.user = UserId(user);
  return one;
}

std::string types(const std::vector<model::LogEvent>& events) {
  std::string text;
  for (const auto& one : events) text += one.type + " ";
  return text;
}

TEST_P(LogStoreTest, FindsWhatWasInserted) {
  write([](db::Transaction& tx) {
    LogStore logs(tx, kTenant);
    auto full = sample_event();
    full.log_id = logs.insert(full);
    ASSERT_EQ(unset_members(full), std::vector<std::size_t>()) << "the sample must fill every member";
    auto plain = event(kNow);
    plain.log_id = logs.insert(plain);
    expect_same(logs.find(full.log_id).value(), full);
    expect_same(logs.find(plain.log_id).value(), plain);
    expect_same(logs.find_by_reference("R-1").value(), full);
    EXPECT_FALSE(logs.find("90020"));
    EXPECT_FALSE(logs.find_by_reference("R-2"));
    EXPECT_FALSE(logs.find_by_reference(""));
  });
}

// management-api §1.8
TEST_P(LogStoreTest, IdsGrowEvenWithinOneMillisecondAndWhenTheClockGoesBack) {
  write([](db::Transaction& tx) {
    LogStore logs(tx, kTenant);
    std::vector<std::string> ids;
    for (int i = 0; i < 50; ++i) ids.push_back(logs.insert(event(kNow)));
    ids.push_back(logs.insert(event(kNow - 1h)));
    ids.push_back(logs.insert(event(kNow + 1ms)));
    ids.push_back(logs.insert(event(kNow + 24h)));
    EXPECT_TRUE(std::ranges::is_sorted(ids, std::less_equal())) << "strictly";
    EXPECT_EQ(ids.front(), "9002017500000001230000");
    EXPECT_EQ(ids.back(), "9002017500864001230000");
    for (const std::string& id : ids) {
      EXPECT_EQ(id.size(), 22u);
      EXPECT_EQ(id.find_first_not_of("0123456789"), std::string::npos) << id;
    }
    EXPECT_EQ(LogStore(tx, TenantId("other")).insert(event(kNow)), "9002017500000001230000") << "a count of its own";
  });
}

TEST_P(LogStoreTest, AnEventFromBeforeTheEpochHasAnIdToo) {
  write([](db::Transaction& tx) {
    EXPECT_EQ(LogStore(tx, kTenant).insert(event(Instant() - 1h)), "9002000000000000000000");
    EXPECT_EQ(LogStore(tx, kTenant).insert(event(Instant() - 1h)), "9002000000000000000001");
  });
}

TEST_P(LogStoreTest, AScanSinceAMomentLosesNothingWrittenLater) {
  write([](db::Transaction& tx) {
    LogStore logs(tx, kTenant);
    logs.insert(event(kNow, "a", ""));
    logs.insert(event(kNow + 2s, "b", ""));
    logs.insert(event(kNow + 1s, "c", ""));  // the clock was set back
    EXPECT_EQ(types(logs.scan({.since = kNow + 1s}, "", 10, true)), "c b ");
    EXPECT_EQ(types(logs.scan({.since = kNow + 1s}, "", 10, false)), "b c ");
    EXPECT_EQ(types(logs.scan({.since = kNow}, "", 10, false)), "a b c ");
    EXPECT_EQ(types(logs.scan({.since = kNow + 3s}, "", 10, false)), "");
    EXPECT_EQ(types(logs.scan({.since = from_epoch_millis(-1)}, "", 1, false)), "a ");
    EXPECT_EQ(types(logs.scan({.since = Instant::max()}, "", 1, false)), "");
    EXPECT_EQ(logs.count({.since = kNow + 1ms}), 2);
  });
}

TEST_P(LogStoreTest, ScansEitherWayWhatAFilterLeaves) {
  write([](db::Transaction& tx) {
    LogStore logs(tx, kTenant);
    std::vector<std::string> ids;
    for (const auto& [type, user] : {std::pair{"a", "jane"}, {"b", ""}, {"c", "jane"}, {"d", "joe"}})
      ids.push_back(logs.insert(event(kNow, type, user)));
    EXPECT_EQ(types(logs.scan({}, "", 10, true)), "d c b a ");
    EXPECT_EQ(types(logs.scan({}, "", 10, false)), "a b c d ");
    EXPECT_EQ(types(logs.scan({}, ids[2], 10, true)), "b a ");
    EXPECT_EQ(types(logs.scan({}, ids[0], 2, false)), "b c ");
    EXPECT_EQ(types(logs.scan({}, "99", 2, false)), "");
    EXPECT_EQ(types(logs.scan({}, "", 0, false)), "");
    EXPECT_EQ(types(logs.scan({}, "", -1, false)), "");
    EXPECT_EQ(types(logs.scan({.user = UserId("jane")}, "", 10, true)), "c a ");
    EXPECT_EQ(types(logs.scan({.user = UserId("jane"), .type = "a"}, ids[3], 10, true)), "a ");
    EXPECT_EQ(types(logs.scan({.only_of_users = true}, "", 10, false)), "a c d ");
    EXPECT_EQ(logs.count({}), 4);
    EXPECT_EQ(logs.count({.only_of_users = true}), 3);

    auto full = sample_event();
    logs.insert(full);
    const LogFilter every{.user = full.user,
                          .type = full.type,
                          .client = full.client,
                          .connection = full.connection_id,
                          .reference = full.reference};
    EXPECT_EQ(logs.count(every), 1);
    for (const auto spoil : {+[](LogFilter& one) { one.user = UserId("x"); }, +[](LogFilter& one) { one.type = "x"; },
                             +[](LogFilter& one) { one.client = ClientId("x"); },
                             +[](LogFilter& one) { one.connection = ConnectionId("x"); },
                             +[](LogFilter& one) { one.reference = "x"; }}) {
      LogFilter other = every;
      spoil(other);
      EXPECT_EQ(logs.count(other), 0);
    }
  });
}

TEST_P(LogStoreTest, TheNewestOfAReferenceIsFound) {
  write([](db::Transaction& tx) {
    LogStore logs(tx, kTenant);
    for (const char* type : {"first", "second"}) {
      auto one = event(kNow, type);
      one.reference = "R-1";
      logs.insert(one);
    }
    EXPECT_EQ(logs.find_by_reference("R-1")->type, "second");
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, LogStoreTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
