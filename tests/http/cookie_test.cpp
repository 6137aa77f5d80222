#include "http/cookie.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace symbolon::http {
namespace {

using namespace std::chrono_literals;
using Pairs = std::vector<std::pair<std::string, std::string>>;

Headers with_cookies(std::string line) {
  Headers headers;
  headers.add("Cookie", std::move(line));
  return headers;
}

TEST(Cookies, AreReadInOrderFromEveryField) {
  Headers headers = with_cookies("a=1; b=x=y;c=");
  headers.add("cookie", "d=4");
  EXPECT_EQ(parse_cookies(headers), (Pairs{{"a", "1"}, {"b", "x=y"}, {"c", ""}, {"d", "4"}}));
}

TEST(Cookies, MalformedPairsAreSkipped) {
  EXPECT_EQ(parse_cookies(with_cookies("; ;=v;novalue; a b=1; \x01=2; ok=1; bad=x\x1fy;")), (Pairs{{"ok", "1"}}));
}

TEST(Cookies, FindRefusesANameGivenTwice) {
  EXPECT_EQ(find_cookie(with_cookies("a=1; b=2"), "b"), "2");
  EXPECT_EQ(find_cookie(with_cookies("a=1; b=2"), "c"), std::nullopt);
  EXPECT_EQ(find_cookie(with_cookies("a=1; a=2"), "a"), std::nullopt);
  EXPECT_EQ(find_cookie(with_cookies("a=1; A=2"), "a"), "1");
}

TEST(Cookies, RenderWithTheHostPrefixOverHttps) {
  EXPECT_EQ(render({.name = "s", .value = "v", .max_age = 60s}),
            "__Host-s=v; Path=/; HttpOnly; Secure; SameSite=None; Max-Age=60");
  EXPECT_EQ(render({.name = "s", .value = "", .max_age = 0s}),
            "__Host-s=; Path=/; HttpOnly; Secure; SameSite=None; Max-Age=0");
  EXPECT_EQ(cookie_name("s", true), "__Host-s");
}

TEST(Cookies, RenderBareOnLoopbackHttp) {
  EXPECT_EQ(render({.name = "s", .value = "v", .max_age = std::nullopt, .secure = false}),
            "s=v; Path=/; HttpOnly; SameSite=Lax");
}

TEST(Cookies, RenderThrowsForWhatWouldSplitTheHeader) {
  for (const char* value : {"a\r\nSet-Cookie: x=1", "a\n", "a;b", "a b", "a,b", "a\"", "a\\", "\x7f", "é"})
    EXPECT_THROW(render({.name = "s", .value = value, .max_age = {}}), std::logic_error) << value;
  for (const char* name : {"", "a=b", "a b", "a;", "a\r", "é"})
    EXPECT_THROW(render({.name = name, .value = "v", .max_age = {}}), std::logic_error) << name;
}

}  // namespace
}  // namespace symbolon::http
