#include "http/counted_address.h"

#include <gtest/gtest.h>

namespace symbolon::http {
namespace {

TEST(CountedAddress, IsTheAddressItselfInIPv4) {
  EXPECT_EQ(counted_address("192.0.2.7"), "192.0.2.7");
  EXPECT_NE(counted_address("192.0.2.7"), counted_address("192.0.2.8"));
  EXPECT_EQ(counted_address("::ffff:192.0.2.7"), "::ffff:192.0.2.7");
}

TEST(CountedAddress, IsTheBlockThatASubscriberHasInIPv6) {
  EXPECT_EQ(counted_address("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(counted_address("2001:db8:1:2::1"), counted_address("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(counted_address("2001:db8:1:2::1"), counted_address("2001:db8:1:3::1"));
}

TEST(CountedAddress, LeavesWhatIsNoAddress) {
  EXPECT_EQ(counted_address(""), "");
  EXPECT_EQ(counted_address("unknown"), "unknown");
}

}  // namespace
}  // namespace symbolon::http
