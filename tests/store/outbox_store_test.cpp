#include "store/outbox_store.h"

#include "store/outbox_discard.h"
#include "store/recording_transaction.h"
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
    EXPECT_TRUE(outbox.find_due(one.target, kNow - 1ms, 10).empty());
    auto found = outbox.find_due(one.target, kNow, 10);
    ASSERT_EQ(found.size(), 1u);
    expect_same(found[0], one);
    auto seen_by_another = found[0];
    EXPECT_TRUE(outbox.lease(found[0], kNow + 30s));
    one.attempts = 3;
    one.due_at = kNow + 30s;
    expect_same(found[0], one);
    EXPECT_FALSE(outbox.lease(seen_by_another, kNow + 30s)) << "another worker has it";
    EXPECT_EQ(seen_by_another.attempts, 2);
    EXPECT_FALSE(outbox.has_due(kNow + 29s));
    auto again = outbox.find_due(one.target, kNow + 30s, 10);
    ASSERT_EQ(again.size(), 1u);
    expect_same(again[0], one);
    EXPECT_TRUE(outbox.lease(again[0], kNow + 60s)) << "the worker that had it is gone";
    EXPECT_EQ(again[0].attempts, 4);
  });
}

TEST_P(OutboxStoreTest, FindsTheTargetsOfAllTenantsByWhatHasWaitedLongest) {
  write([](db::Transaction& tx) {
    OutboxStore outbox(tx);
    const auto insert = [&](const char* id, const char* target, Instant due_at, const TenantId& tenant = kTenant) {
      auto one = item(id, due_at, tenant);
      one.target = target;
      outbox.insert(one);
    };
    EXPECT_TRUE(outbox.due_targets(kNow).empty());
    insert("late", "https://a.example", kNow - 1s);
    insert("later", "https://b.example", kNow - 3s, TenantId("other"));
    insert("latest", "https://a.example", kNow - 2s);
    insert("not yet", "https://b.example", kNow + 1s);
    insert("elsewhere, not yet", "https://c.example", kNow + 1s);
    EXPECT_EQ(outbox.due_targets(kNow), (std::vector<std::string>{"https://b.example", "https://a.example"}));
    EXPECT_EQ(ids(outbox.find_due("https://a.example", kNow, 9)), "latest late ");
    EXPECT_EQ(ids(outbox.find_due("https://a.example", kNow, 1)), "latest ");
    EXPECT_EQ(ids(outbox.find_due("https://b.example", kNow, 9)), "later ");
    EXPECT_EQ(ids(outbox.find_due("https://c.example", kNow, 9)), "");
  });
}

TEST_P(OutboxStoreTest, ItemsAreRescheduledAndRemoved) {
  write([](db::Transaction& tx) {
    OutboxStore outbox(tx);
    auto one = item("a", kNow);
    outbox.insert(one);
    one.attempts = 7;
    outbox.reschedule(one, kNow + 5s);
    EXPECT_TRUE(outbox.find_due(one.target, kNow + 4s, 1).empty());
    EXPECT_EQ(outbox.find_due(one.target, kNow + 5s, 1).at(0).attempts, 7);
    outbox.remove(TenantId("other"), "a");
    EXPECT_EQ(outbox.pending(), 1);
    outbox.remove(kTenant, "a");
    EXPECT_EQ(outbox.pending(), 0);
  });
}

TEST_P(OutboxStoreTest, DiscardsByTenantTargetKindAndStartOfTheDocument) {
  write([](db::Transaction& tx) {
    OutboxStore outbox(tx);
    const OutboxItem one = sample_item();
    const std::string start = R"({"try")";
    outbox.insert(item("a", kNow));
    outbox.insert(item("b", kNow + 1h));
    EXPECT_EQ(discard_deliveries(tx, TenantId("other"), one.target, one.kind, start), 0);
    EXPECT_EQ(discard_deliveries(tx, kTenant, one.target + "/x", one.kind, start), 0);
    EXPECT_EQ(discard_deliveries(tx, kTenant, one.target, "another kind", start), 0);
    EXPECT_EQ(discard_deliveries(tx, kTenant, one.target, one.kind, R"("try")"), 0);
    EXPECT_EQ(discard_deliveries(tx, kTenant, one.target, one.kind, one.doc + "longer"), 0);
    EXPECT_EQ(discard_deliveries(tx, kTenant, one.target, one.kind, start), 2);
    EXPECT_EQ(outbox.pending(), 0);

    RecordingTransaction recording(tx);
    discard_deliveries(recording, kTenant, one.target, one.kind, start);
    const auto& [sql, values] = recording.statements.at(0);
    EXPECT_TRUE(tx.query("EXPLAIN QUERY PLAN " + sql, values).at(0).text(3).contains("outbox_by_target (target=?)"));
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, OutboxStoreTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
