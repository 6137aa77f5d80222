#include "json/parse.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace symbolon::json {
namespace {

using Code = ParseError::Code;

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Parse, ReadsEveryKindOfValue) {
  const auto value = parse(
      R"( {"s":"a\u00e9\ud83d\ude00","n":null,"t":true,"f":false,"i":-7,"u":18446744073709551615,"d":1.5,"a":[1,{}],"o":{"s":"inner"}} )");
  ASSERT_TRUE(value);
  EXPECT_EQ(boost::json::serialize(*value),
            "{\"s\":\"aé😀\",\"n\":null,\"t\":true,\"f\":false,\"i\":-7,\"u\":18446744073709551615,\"d\":1.5E0,\"a\":["
            "1,{}],\"o\":{\"s\":\"inner\"}}");
}

TEST(Parse, ReadsTextLongerThanItsBuffers) {
  const std::string text(100'000, 'x');
  const auto value = parse("{\"" + text + "\":\"" + text + "\\n" + text + "\"}");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->as_object().at(text).as_string(), text + '\n' + text);
}

TEST(Parse, NamesTheError) {
  const struct {
    const char* name;
    std::string text;
    Code want;
  } rows[] = {
      {"empty", "", Code::incomplete},
      {"white space", " \n", Code::incomplete},
      {"open object", "{\"a\":1", Code::incomplete},
      {"open string", "\"a", Code::incomplete},
      {"two values", "{} {}", Code::extra_text},
      {"NUL after", std::string("{}\0", 3), Code::extra_text},
      {"single quotes", "{'a':1}", Code::syntax},
      {"bare name", "{a:1}", Code::syntax},
      {"trailing comma", "[1,]", Code::syntax},
      {"comment", "[1/* */]", Code::syntax},
      {"leading zero", "[01]", Code::syntax},
      {"plus", "[+1]", Code::syntax},
      {"NaN", "[NaN]", Code::syntax},
      {"Infinity", "[Infinity]", Code::syntax},
      {"huge number", "[1e999]", Code::number_range},
      {"huge exponent", "[1e99999999999999999999]", Code::number_range},
      {"control character", "[\"a\nb\"]", Code::syntax},
      {"byte order mark", "\xef\xbb\xbf{}", Code::syntax},
      {"Latin-1", "[\"\xe9\"]", Code::syntax},
      {"overlong", "[\"\xc0\xaf\"]", Code::syntax},
      {"surrogate in UTF-8", "[\"\xed\xa0\x80\"]", Code::syntax},
      {"beyond Unicode", "[\"\xf4\x90\x80\x80\"]", Code::syntax},
      {"Latin-1 name", "{\"\xe9\":1}", Code::syntax},
      {"lone leading surrogate", "[\"\\ud800\"]", Code::syntax},
      {"lone trailing surrogate", "[\"\\udc00\"]", Code::syntax},
      {"bad escape", "[\"\\x41\"]", Code::syntax},
      {"too deep", nested(33), Code::too_deep},
      {"far too deep", std::string(200'000, '['), Code::too_deep},
      {"duplicate", R"({"a":1,"a":1})", Code::duplicate_member},
      {"duplicate inside", R"({"b":[{"a":1,"c":2,"a":3}]})", Code::duplicate_member},
      {"duplicate around an object", R"({"a":{"b":1},"c":{"a":1},"a":2})", Code::duplicate_member},
      {"duplicate behind an escape", R"({"a":1,"\u0061":2})", Code::duplicate_member},
      {"duplicate empty name", R"({"":1,"":2})", Code::duplicate_member},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto value = parse(row.text);
    ASSERT_FALSE(value);
    EXPECT_EQ(to_string(value.error().code), to_string(row.want));
    EXPECT_LE(value.error().offset, row.text.size());
  }
}

TEST(Parse, TakesEqualNamesInDifferentObjects) {
  EXPECT_TRUE(parse(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}],"A":3,"":4})"));
}

TEST(Parse, LetsTheLastDuplicateWinWhereAllowed) {
  const auto value = parse(R"({"a":1,"b":2,"a":3})", {.refuse_duplicates = false});
  ASSERT_TRUE(value);
  EXPECT_EQ(value->as_object().at("a").as_int64(), 3);
  EXPECT_EQ(value->as_object().size(), 2U);
}

TEST(Parse, FindsDuplicatesAmongManyMembers) {
  std::string text = "{";
  for (int i = 0; i < 20'000; ++i) text += "\"" + std::to_string(i * 7919 % 20'000) + "\":0,";
  EXPECT_TRUE(parse(text + "\"x\":0}"));
  EXPECT_EQ(parse(text + "\"77\":0}").error().code, Code::duplicate_member);
}

TEST(Parse, KeepsItsLimits) {
  EXPECT_TRUE(parse(nested(32)));
  EXPECT_TRUE(parse(nested(3), {.depth = 3}));
  EXPECT_EQ(parse(nested(4), {.depth = 3}).error().code, Code::too_deep);
  EXPECT_TRUE(parse("[10]", {.bytes = 4}));
  EXPECT_EQ(parse("[100]", {.bytes = 4}).error().code, Code::too_long);
}

TEST(Parse, PointsAtTheError) {
  EXPECT_EQ(parse("[1, x]").error().offset, 4U);
  EXPECT_EQ(describe(parse("{} x").error()), "something follows the value at byte 3");
}

TEST(ParseObject, TakesObjectsOnly) {
  ASSERT_TRUE(parse_object("{\"a\":1}"));
  EXPECT_EQ(parse_object("{\"a\":1}")->at("a").as_int64(), 1);
  for (const char* text : {"[]", "\"{}\"", "1", "null", "true"})
    EXPECT_EQ(parse_object(text).error().code, Code::not_an_object);
  EXPECT_EQ(parse_object("{").error().code, Code::incomplete);
}

}  // namespace
}  // namespace symbolon::json
