#include "login_storm/schedule.h"

#include <gtest/gtest.h>

namespace symbolon::bench {
namespace {

using namespace std::chrono_literals;
constexpr Schedule::Moment kStart{1000s};

TEST(Schedule, IsAlwaysNowWithoutARate) {
  Schedule schedule(LoadOptions{}, kStart);
  EXPECT_EQ(schedule.next(kStart + 5s), kStart + 5s);
}

TEST(Schedule, KeepsItsMomentsWhenTheBrokerIsSlow) {
  Schedule schedule(LoadOptions{.rate = 4, .arrivals = Arrivals::even}, kStart);
  EXPECT_EQ(schedule.next(kStart), kStart + 250ms);
  EXPECT_EQ(schedule.next(kStart + 60s), kStart + 500ms);
}

TEST(Schedule, MeetsItsRateWithPoissonArrivals) {
  Schedule schedule(LoadOptions{.rate = 1000, .arrivals = Arrivals::poisson}, kStart);
  Schedule::Moment last = kStart;
  int shorter_than_mean = 0;
  for (int i = 0; i < 100'000; ++i) {
    const Schedule::Moment due = schedule.next(kStart);
    shorter_than_mean += due - last < 1ms ? 1 : 0;
    last = due;
  }
  EXPECT_NEAR(std::chrono::duration<double>(last - kStart).count(), 100, 1);
  EXPECT_NEAR(shorter_than_mean, 63'212, 1000);  // 1 - 1/e of an exponential distribution
}

}  // namespace
}  // namespace symbolon::bench
