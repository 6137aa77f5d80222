#include "json/text.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace symbolon::json {
namespace {

TEST(SerializeForScript, CannotEndTheElement) {
  const boost::json::value value = {{"</script><!--", "a & b\u2028\u2029 — é\\u003c"}};
  const std::string text = serialize_for_script(value);
  EXPECT_EQ(text, R"({"\u003c/script\u003e\u003c!--":"a \u0026 b\u2028\u2029 — é\\u003c"})");
  EXPECT_EQ(boost::json::parse(text), value);
}

TEST(SerializeForScript, LeavesOtherTextAlone) {
  const boost::json::value value = boost::json::parse(R"({"a":[1,true,null,"\u2027\u202a"]})");
  EXPECT_EQ(serialize_for_script(value), boost::json::serialize(value));
}

TEST(SerializeIndented, PutsOneMemberOnALine) {
  const auto value = boost::json::parse(R"({"a":[1,{"b":"c\nd"}],"empty":{},"none":[],"null":null})");
  EXPECT_EQ(serialize_indented(value), R"({
  "a": [
    1,
    {
      "b": "c\nd"
    }
  ],
  "empty": {},
  "none": [],
  "null": null
})");
  EXPECT_EQ(boost::json::parse(serialize_indented(value)), value);
}

}  // namespace
}  // namespace symbolon::json
