#include "login_storm/counters.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace symbolon::bench {
namespace {

TEST(Counters, FindsANumberByItsPath) {
  const auto document =
      boost::json::parse(R"({"store":{"commits":12,"rate":0.5,"name":"x"},"list":[{"n":-3}],"top":7})");
  EXPECT_EQ(find_number(document, "store.commits"), 12.0);
  EXPECT_EQ(find_number(document, "store.rate"), 0.5);
  EXPECT_EQ(find_number(document, "list.0.n"), -3.0);
  EXPECT_EQ(find_number(document, "top"), 7.0);
  for (const char* path : {"store", "store.name", "store.missing", "list.1.n", "list.x", "top.deeper", "", "list.-1"}) {
    SCOPED_TRACE(path);
    EXPECT_FALSE(find_number(document, path));
  }
}

}  // namespace
}  // namespace symbolon::bench
