#include "net/call_slots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>

#include "net/deadline.h"
#include "support/gate.h"
#include "support/run_task.h"

namespace symbolon::net {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

CallSlots::Time later() { return std::chrono::steady_clock::now() + 1h; }

/// Everything that a test's calls share.
struct Scene {
  explicit Scene(CallSlots::Limits limits) : slots(std::make_shared<CallSlots>(limits)) {}
  std::shared_ptr<CallSlots> slots;
  Gate gate;
  std::vector<std::string> log;
};

Task<void> call(Scene& scene, std::string host, std::string name, bool holds, CallSlots::Time deadline) {
  CallSlots::Slot slot(scene.slots, std::move(host), co_await boost::asio::this_coro::executor);
  const CallSlots::Entry entry = co_await slot.enter(deadline);
  const char* kNames[] = {" in", " too late", " too many"};
  scene.log.push_back(name + kNames[static_cast<int>(entry)]);
  if (entry != CallSlots::Entry::granted) co_return;
  if (holds) co_await scene.gate.pass();
  scene.log.push_back(name + " out");
}

Task<void> open(Scene& scene) {
  scene.log.push_back("open");
  scene.gate.open();
  co_return;
}

TEST(CallSlots, WaitBehindTheirOwnHostOnly) {
  Scene scene({.per_host = 1, .total = 10, .waiting_per_host = 10});
  std::vector<Task<void>> tasks;
  tasks.push_back(call(scene, "a", "a1", true, later()));
  tasks.push_back(call(scene, "a", "a2", false, later()));
  tasks.push_back(call(scene, "a", "a3", false, later()));
  tasks.push_back(call(scene, "b", "b1", false, later()));
  tasks.push_back(open(scene));
  run_together(std::move(tasks));
  EXPECT_THAT(scene.log,
              ElementsAre("a1 in", "b1 in", "b1 out", "open", "a1 out", "a2 in", "a2 out", "a3 in", "a3 out"));
}

TEST(CallSlots, AllTogetherAreLimitedToo) {
  Scene scene({.per_host = 5, .total = 2, .waiting_per_host = 10});
  std::vector<Task<void>> tasks;
  tasks.push_back(call(scene, "a", "a1", true, later()));
  tasks.push_back(call(scene, "b", "b1", true, later()));
  tasks.push_back(call(scene, "c", "c1", false, later()));
  tasks.push_back(open(scene));
  run_together(std::move(tasks));
  EXPECT_THAT(scene.log, ElementsAre("a1 in", "b1 in", "open", "a1 out", "b1 out", "c1 in", "c1 out"));
}

TEST(CallSlots, AFullQueueRefusesAtOnce) {
  Scene scene({.per_host = 1, .total = 10, .waiting_per_host = 1});
  std::vector<Task<void>> tasks;
  tasks.push_back(call(scene, "a", "a1", true, later()));
  tasks.push_back(call(scene, "a", "a2", false, later()));
  tasks.push_back(call(scene, "a", "a3", false, later()));
  tasks.push_back(open(scene));
  run_together(std::move(tasks));
  EXPECT_THAT(scene.log, ElementsAre("a1 in", "a3 too many", "open", "a1 out", "a2 in", "a2 out"));
}

Task<void> call_too_late_then_open(Scene& scene) {
  co_await call(scene, "a", "a2", false, std::chrono::steady_clock::now() + 10ms);
  co_await open(scene);
}

TEST(CallSlots, ACallThatWaitedTooLongLeavesTheQueue) {
  Scene scene({.per_host = 1, .total = 10, .waiting_per_host = 1});
  std::vector<Task<void>> tasks;
  tasks.push_back(call(scene, "a", "a1", true, later()));
  tasks.push_back(call_too_late_then_open(scene));
  run_together(std::move(tasks));
  EXPECT_THAT(scene.log, ElementsAre("a1 in", "a2 too late", "open", "a1 out"));
  run_task(call(scene, "a", "a3", false, later()));
  EXPECT_EQ(scene.log.back(), "a3 out");
}

Task<int> call_for_ever(Scene& scene) {
  co_await call(scene, "a", "a2", false, later());
  co_return 0;
}

Task<void> cancel_then_open(Scene& scene) {
  EXPECT_EQ(co_await with_deadline(call_for_ever(scene), 10ms), std::nullopt);
  co_await open(scene);
}

TEST(CallSlots, ACancelledCallLeavesTheQueue) {
  Scene scene({.per_host = 1, .total = 10, .waiting_per_host = 1});
  std::vector<Task<void>> tasks;
  tasks.push_back(call(scene, "a", "a1", true, later()));
  tasks.push_back(cancel_then_open(scene));
  tasks.push_back(call(scene, "b", "b1", false, later()));
  run_together(std::move(tasks));
  EXPECT_THAT(scene.log, ElementsAre("a1 in", "b1 in", "b1 out", "open", "a1 out"));
}

}  // namespace
}  // namespace symbolon::net
