#include "net/request_ids.h"

#include <gtest/gtest.h>

#include <set>

#include "support/counter_random.h"

namespace symbolon::net {
namespace {

TEST(RequestIds, AreHexadecimalAndFromTheGivenSource) {
  CounterRandom random;
  RequestIds ids(random);
  EXPECT_EQ(ids.next(), "000102030405060708090a0b");
  EXPECT_EQ(ids.next(), "0c0d0e0f1011121314151617");
}

// Every id takes bytes of its own, also past the end of what was drawn at once.
TEST(RequestIds, NeverUseAByteTwice) {
  struct Distinct final : Random {
    std::uint64_t next = 0;
    void fill(std::span<std::uint8_t> out) override {
      for (std::size_t i = 0; i < out.size(); ++i, ++next)
        out[i] = static_cast<std::uint8_t>(next / 12 >> (8 * (next % 3)));
    }
  } random;
  RequestIds ids(random);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(ids.next());
  EXPECT_EQ(seen.size(), 1000u);
}

}  // namespace
}  // namespace symbolon::net
