#include "store/outbox_store.h"

#include "store/store_test.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;

class OutboxStoreTest : public StoreTest {};

OutboxItem item(const char* id, Instant due_at, const TenantId& tenant = kTenant) {
  auto one = sample_item(tenant, id);
  one.due_at = due_at;
  return one;
}

std::string ids(const std::vector<OutboxItem>& items) {
  std::string text;
  for (const auto& one : items) text += one.id + " ";
  return text;
}

TEST_P(OutboxStoreTest, ATakenItemIsLeasedAndItsAttemptCounted) {
  auto one = sample_item();
  ASSERT_EQ(unset_members(one), std::vector<std::size_t>()) << "the sample must fill every member";
  write([&](db::Transaction& tx) {
    OutboxStore outbox(tx);
    outbox.insert(one);
    EXPECT_EQ(outbox.pending(), 1);
    EXPECT_FALSE(outbox.has_due(kNow - 1ms));
    EXPECT_TRUE(outbox.has_due(kNow));
    EXPECT_TRUE(outbox.take_due(kNow - 1ms, kNow + 30s, 10).empty());
    const auto taken = outbox.take_due(kNow, kNow + 30s, 10);
    ASSERT_EQ(taken.size(), 1u);
    one.attempts = 3;
    one.due_at = kNow + 30s;
    expect_same(taken[0], one);
    EXPECT_FALSE(outbox.has_due(kNow + 29s));
    EXPECT_TRUE(outbox.take_due(kNow + 29s, kNow + 60s, 10).empty()) << "another worker has it";
    EXPECT_EQ(outbox.take_due(kNow + 30s, kNow + 60s, 10).size(), 1u) << "the worker that had it is gone";
  });
}

TEST_P(OutboxStoreTest, TakesTheLongestDueOfAllTenants) {
  write([](db::Transaction& tx) {
    OutboxStore outbox(tx);
    outbox.insert(item("late", kNow - 1s));
    outbox.insert(item("later", kNow - 3s, TenantId("other")));
    outbox.insert(item("latest", kNow - 2s));
    outbox.insert(item("not yet", kNow + 1s));
    EXPECT_EQ(ids(outbox.take_due(kNow, kNow + 30s, 2)), "later latest ");
    EXPECT_EQ(ids(outbox.take_due(kNow, kNow + 30s, 2)), "late ");
  });
}

TEST_P(OutboxStoreTest, ItemsAreRescheduledAndRemoved) {
  write([](db::Transaction& tx) {
    OutboxStore outbox(tx);
    auto one = item("a", kNow);
    outbox.insert(one);
    one.attempts = 7;
    outbox.reschedule(one, kNow + 5s);
    EXPECT_TRUE(outbox.take_due(kNow + 4s, kNow + 9s, 1).empty());
    EXPECT_EQ(outbox.take_due(kNow + 5s, kNow + 9s, 1).at(0).attempts, 8);
    outbox.remove(TenantId("other"), "a");
    EXPECT_EQ(outbox.pending(), 1);
    outbox.remove(kTenant, "a");
    EXPECT_EQ(outbox.pending(), 0);
  });
}

// BC-10
TEST_P(OutboxStoreTest, RemovesWhatWaitsForATarget) {
  write([](db::Transaction& tx) {
    OutboxStore outbox(tx);
    auto elsewhere = item("b", kNow);
    elsewhere.target = "https://elsewhere.example";
    outbox.insert(item("a", kNow));
    outbox.insert(elsewhere);
    outbox.insert(item("c", kNow, TenantId("other")));
    outbox.remove_by_target(kTenant, sample_item().target);
    EXPECT_EQ(ids(outbox.take_due(kNow, kNow, 9)), "b c ");
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, OutboxStoreTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
