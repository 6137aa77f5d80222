#include "model/number_id.h"

#include <gtest/gtest.h>

#include "support/counter_random.h"

namespace symbolon::model {
namespace {

// zitadel-idps §2.4: an id of 2026-04-04 09:55:02.41.
TEST(NumberId, HoldsTheTimeInUnitsOfTenMilliseconds) {
  CounterRandom random;
  const std::string id = make_number_id(from_epoch_millis(1'775'296'502'410), random);
  EXPECT_EQ(id.size(), 18u);
  EXPECT_EQ(std::stoll(id) >> 24, 367086328984109061 >> 24);
}

TEST(NumberId, RefusesAClockThatWouldBreakItsLength) {
  CounterRandom random;
  EXPECT_THROW(make_number_id(from_epoch_seconds(0), random), std::runtime_error);
  EXPECT_THROW(make_number_id(from_epoch_seconds(1'600'000'000), random), std::runtime_error);
  EXPECT_THROW(make_number_id(from_epoch_seconds(2'200'000'000), random), std::runtime_error);
  EXPECT_NO_THROW(make_number_id(from_epoch_seconds(2'100'000'000), random));
}

}  // namespace
}  // namespace symbolon::model
