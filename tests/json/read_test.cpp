#include "json/read.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace symbolon::json {
namespace {

const boost::json::object kObject = boost::json::parse(R"({
  "text":"a\u0000b", "truth":true, "integer":-3, "whole":1700000000.0, "fraction":1.5, "large":18446744073709551615,
  "vast":1e300, "null":null, "strings":["a","b"], "none":[], "mixed":["a",1], "object":{"x":1}
})")
                                        .as_object();

TEST(Read, FindsWhatIsThere) {
  EXPECT_EQ(find_string(kObject, "text"), std::string("a\0b", 3));
  EXPECT_EQ(find_text(kObject, "text"), std::string_view("a\0b", 3));
  EXPECT_EQ(find_bool(kObject, "truth"), true);
  EXPECT_EQ(find_integer(kObject, "integer"), -3);
  EXPECT_EQ(find_integer(kObject, "whole"), 1700000000);
  EXPECT_EQ(find_number(kObject, "integer"), -3.0);
  EXPECT_EQ(find_number(kObject, "fraction"), 1.5);
  EXPECT_EQ(find_number(kObject, "large"), 18446744073709551615.0);
  EXPECT_EQ(find_strings(kObject, "strings"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(find_strings(kObject, "none"), std::vector<std::string>());
  ASSERT_NE(find_object(kObject, "object"), nullptr);
  EXPECT_EQ(find_object(kObject, "object")->size(), 1U);
  ASSERT_NE(find_array(kObject, "mixed"), nullptr);
  EXPECT_TRUE(has(kObject, "null"));
  EXPECT_FALSE(has(kObject, "absent"));
}

TEST(Read, TellsAbsentFromWrongType) {
  const auto check = [](const char* member, const auto& reader, const char* wanted) {
    SCOPED_TRACE(member);
    const auto wrong = reader(kObject, member);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().describe(), std::string(member) + " must be " + wanted);
    const auto absent = reader(kObject, "absent");
    ASSERT_TRUE(absent);
    EXPECT_FALSE(*absent);
  };
  for (const char* member : {"truth", "integer", "null", "strings", "object"}) check(member, read_string, "a string");
  for (const char* member : {"text", "integer", "null"}) check(member, read_bool, "true or false");
  for (const char* member : {"text", "fraction", "large", "vast", "null", "truth"})
    check(member, read_integer, "an integer");
  for (const char* member : {"text", "null", "truth"}) check(member, read_number, "a number");
  for (const char* member : {"text", "mixed", "object", "null"}) check(member, read_strings, "an array of strings");
  for (const char* member : {"text", "mixed", "null"}) check(member, read_object, "an object");
  for (const char* member : {"text", "object", "null"}) check(member, read_array, "an array");
}

TEST(Read, GivesWhatItChecked) {
  EXPECT_EQ(read_string(kObject, "text").value(), std::string("a\0b", 3));
  EXPECT_EQ(read_bool(kObject, "truth").value(), true);
  EXPECT_EQ(read_integer(kObject, "integer").value(), -3);
  EXPECT_EQ(read_number(kObject, "fraction").value(), 1.5);
  EXPECT_EQ(read_strings(kObject, "strings").value()->size(), 2U);
  EXPECT_NE(read_object(kObject, "object").value(), nullptr);
  EXPECT_NE(read_array(kObject, "none").value(), nullptr);
}

TEST(Find, IgnoresWhatIsOfAnotherType) {
  EXPECT_FALSE(find_string(kObject, "integer"));
  EXPECT_FALSE(find_text(kObject, "null"));
  EXPECT_FALSE(find_bool(kObject, "text"));
  EXPECT_FALSE(find_integer(kObject, "fraction"));
  EXPECT_FALSE(find_integer(kObject, "vast"));
  EXPECT_FALSE(find_strings(kObject, "mixed"));
  EXPECT_EQ(find_object(kObject, "strings"), nullptr);
  EXPECT_EQ(find_array(kObject, "object"), nullptr);
  EXPECT_FALSE(find_string(kObject, "absent"));
}

}  // namespace
}  // namespace symbolon::json
