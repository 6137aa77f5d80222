#include "base/time_ordered.h"

#include <gtest/gtest.h>

#include "support/counter_random.h"

namespace symbolon {
namespace {

using namespace std::chrono_literals;

const Instant kNow = from_epoch_millis(1'700'000'000'123);

TEST(TimeOrderedToken, LaterSortsBehind) {
  CounterRandom random;
  Instant at = kNow;
  std::string last = time_ordered_token(random, at, 16);
  for (const auto step : {1ms, 30ms, 1000ms, 40'000ms, 86'400'000ms, 315'360'000'000ms}) {
    at += step;
    std::string next = time_ordered_token(random, at, 16);
    EXPECT_LT(last.substr(0, kTimePrefixLength), next.substr(0, kTimePrefixLength)) << step.count();
    last = std::move(next);
  }
}

TEST(TimeOrderedToken, KeepsAllOfItsRandomness) {
  CounterRandom random, same;
  const std::string token = time_ordered_token(random, kNow, 16);
  EXPECT_EQ(token.substr(kTimePrefixLength), random_token(same, 16));
  EXPECT_NE(token, time_ordered_token(random, kNow, 16));
}

TEST(TimeOrderedToken, HasOneLengthAtEveryTime) {
  CounterRandom random;
  for (const Instant at : {from_epoch_millis(-5), from_epoch_millis(0), kNow, from_epoch_millis(35'000'000'000'000)})
    EXPECT_EQ(time_ordered_token(random, at, 16).size(), kTimePrefixLength + 22);
}

}  // namespace
}  // namespace symbolon
