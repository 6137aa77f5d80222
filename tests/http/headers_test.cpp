#include "http/headers.h"

#include <gtest/gtest.h>

namespace symbolon::http {
namespace {

TEST(Headers, FindsNamesWithoutRegardToCase) {
  Headers headers;
  headers.add("Content-Type", "text/html");
  EXPECT_EQ(headers.get("content-TYPE"), "text/html");
  EXPECT_TRUE(headers.has("CONTENT-TYPE"));
  EXPECT_FALSE(headers.has("Content"));
  EXPECT_EQ(headers.get("Accept"), "");
}

TEST(Headers, SetReplacesAndAddKeepsEveryField) {
  Headers headers;
  headers.add("Set-Cookie", "a=1");
  headers.add("set-cookie", "b=2");
  EXPECT_EQ(headers.get("Set-Cookie"), "a=1");
  EXPECT_EQ(headers.get_all("SET-COOKIE"), (std::vector<std::string_view>{"a=1", "b=2"}));

  headers.set("Set-Cookie", "c=3");
  EXPECT_EQ(headers.get_all("Set-Cookie"), (std::vector<std::string_view>{"c=3"}));

  headers.remove("SET-cookie");
  EXPECT_TRUE(headers.all().empty());
}

TEST(Headers, NamesAreTokensAndValuesOneLine) {
  EXPECT_TRUE(is_token("X-Request-Id"));
  for (const char* text : {"", "a b", "a:", "a\n", "é", "a(b"}) EXPECT_FALSE(is_token(text)) << text;
  for (const char* text : {"", "a b\tc", "é"}) EXPECT_TRUE(is_field_value(text)) << text;
  for (const char* text : {"a\rb", "a\nb", "\x1b[0m", "\x7f"}) EXPECT_FALSE(is_field_value(text)) << text;
  EXPECT_FALSE(is_field_value(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace symbolon::http
