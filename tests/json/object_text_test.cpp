#include "json/object_text.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace symbolon::json {
namespace {

TEST(ObjectText, IsTheObjectThatItsMembersMake) {
  ObjectText object;
  object.add_string("id", "con_1");
  object.add_json("options", R"({"scope":"openid"})");
  object.add_flag("on", true);
  object.add_flag("off", false);
  object.add_json("list", "[1,null]");
  EXPECT_EQ(object.take(), R"({"id":"con_1","options":{"scope":"openid"},"on":true,"off":false,"list":[1,null]})");
  EXPECT_EQ(ObjectText().take(), "{}");
}

TEST(ObjectText, GoesOnBehindAStoredObject) {
  for (const auto& [stored, want] : {std::pair{R"({})", R"({"a":"b"})"}, {R"({"x":[{}]})", R"({"x":[{}],"a":"b"})"}}) {
    ObjectText object{std::string(stored)};
    object.add_string("a", "b");
    EXPECT_EQ(object.take(), want);
  }
  for (const char* text : {"", "[]", "null", "{", "}"})
    EXPECT_THROW(ObjectText{std::string(text)}, std::invalid_argument) << text;
}

TEST(ObjectText, NoTextEndsItsString) {
  for (const std::string& text :
       {std::string(), std::string(R"(a "quoted" name)"), std::string(R"(\)"), std::string("two\nlines"),
        std::string("nul\0byte", 8), std::string("\x7f"), std::string("z\u00fcrich \u6771\u4eac \U0001f511")}) {
    ObjectText object;
    object.add_string(text, text);
    EXPECT_EQ(boost::json::parse(object.take()), boost::json::value({{text, text}})) << text;
  }
}

}  // namespace
}  // namespace symbolon::json
