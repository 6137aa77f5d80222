#include "login_storm/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace symbolon::bench {
namespace {

using std::chrono::nanoseconds;

TEST(Histogram, IsZeroWhenEmpty) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.percentile(0.99), nanoseconds(0));
  EXPECT_EQ(histogram.mean(), nanoseconds(0));
}

TEST(Histogram, IsExactForSmallValues) {
  Histogram histogram;
  for (int value = 1; value <= 200; ++value) histogram.record(nanoseconds(value));
  EXPECT_EQ(histogram.percentile(0.50), nanoseconds(100));
  EXPECT_EQ(histogram.percentile(0.99), nanoseconds(198));
  EXPECT_EQ(histogram.percentile(0.995), nanoseconds(199));
  EXPECT_EQ(histogram.percentile(1), nanoseconds(200));
  EXPECT_EQ(histogram.mean(), nanoseconds(100));
}

TEST(Histogram, TakesTheOnlySampleForEveryPercentile) {
  Histogram histogram;
  histogram.record(nanoseconds(1'234'567));
  for (const double share : {0.001, 0.5, 0.99, 1.0}) EXPECT_EQ(histogram.percentile(share), nanoseconds(1'234'567));
}

TEST(Histogram, CountsANegativeDurationAsZero) {
  Histogram histogram;
  histogram.record(nanoseconds(-5));
  EXPECT_EQ(histogram.max(), nanoseconds(0));
  EXPECT_EQ(histogram.count(), 1U);
}

TEST(Histogram, StaysWithinOneHundredTwentyEighthOfTheNearestRank) {
  std::vector<std::int64_t> values;
  std::uint64_t state = 1;
  for (int i = 0; i < 20'000; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    values.push_back(static_cast<std::int64_t>(state >> (20 + state % 40)));
  }
  Histogram histogram;
  for (const std::int64_t value : values) histogram.record(nanoseconds(value));
  std::ranges::sort(values);
  for (const double share : {0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    SCOPED_TRACE(share);
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    const std::int64_t exact = values[rank - 1];
    const std::int64_t found = histogram.percentile(share).count();
    EXPECT_GE(found, exact);
    EXPECT_LE(found, exact + exact / 128 + 1);
  }
  EXPECT_EQ(histogram.max().count(), values.back());
}

TEST(Histogram, TakesTheLongestDurationThereIs) {
  Histogram histogram;
  histogram.record(nanoseconds::max());
  EXPECT_EQ(histogram.percentile(0.5), nanoseconds::max());
}

}  // namespace
}  // namespace symbolon::bench
