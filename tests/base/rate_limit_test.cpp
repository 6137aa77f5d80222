#include "base/rate_limit.h"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kTenant = "default";
const Instant kNow = from_epoch_seconds(1'800'000'000);

TEST(RateLimit, FillsUpAgainWithTimeButNotBeyondTheBurst) {
  RateLimit limit({.per_second = 2, .burst = 4});
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(limit.take(kTenant, kNow).allowed);
  EXPECT_FALSE(limit.take(kTenant, kNow).allowed);
  EXPECT_FALSE(limit.take(kTenant, kNow + 400ms).allowed);
  EXPECT_TRUE(limit.take(kTenant, kNow + 600ms).allowed);
  EXPECT_EQ(limit.look(kTenant, kNow + 1h).remaining, 4);
}

TEST(RateLimit, LookingCostsNothing) {
  RateLimit limit({.per_second = 1, .burst = 1});
  EXPECT_EQ(limit.look(kTenant, kNow).remaining, 1);
  EXPECT_EQ(limit.look(kTenant, kNow).remaining, 1);
  EXPECT_TRUE(limit.take(kTenant, kNow).allowed);
}

TEST(RateLimit, AClockThatGoesBackGivesNothing) {
  RateLimit limit({.per_second = 1, .burst = 1});
  EXPECT_TRUE(limit.take(kTenant, kNow).allowed);
  EXPECT_FALSE(limit.take(kTenant, kNow - 1h).allowed);
}

TEST(RateLimit, SaysWhenTheBucketIsFull) {
  RateLimit limit({.per_second = 2, .burst = 10});
  EXPECT_EQ(limit.take(kTenant, kNow).reset, to_epoch_seconds(kNow) + 1);
  for (int i = 0; i < 9; ++i) limit.take(kTenant, kNow);
  const auto refused = limit.take(kTenant, kNow);
  EXPECT_EQ(refused.reset, to_epoch_seconds(kNow) + 5);
  EXPECT_EQ(refused.retry_after, 1);
}

TEST(RateLimit, KeysDoNotShareABucket) {
  RateLimit limit({.per_second = 1, .burst = 1});
  EXPECT_TRUE(limit.take("one", kNow).allowed);
  EXPECT_FALSE(limit.look("one", kNow).allowed);
  EXPECT_TRUE(limit.take("two", kNow).allowed);
}

TEST(RateLimit, ForgetsKeysInsteadOfGrowingForEver) {
  RateLimit limit({.per_second = 1, .burst = 1});
  for (int i = 0; i < 99'999; ++i) limit.take("key " + std::to_string(i), kNow - 1h);
  EXPECT_TRUE(limit.take("spent", kNow).allowed);
  EXPECT_TRUE(limit.take("one more", kNow).allowed);
  EXPECT_FALSE(limit.take("spent", kNow).allowed) << "a bucket in use outlives full ones";
}

}  // namespace
}  // namespace symbolon
