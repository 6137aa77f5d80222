#include "login_storm/cookie_jar.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace symbolon::bench {
namespace {

using namespace std::chrono_literals;
constexpr std::chrono::sys_seconds kNow{1'800'000'000s};

struct Received {
  const char* line;
  const char* from = "/authorize";
};

CookieJar jar_with(std::initializer_list<Received> received) {
  CookieJar jar;
  for (const Received& cookie : received) jar.take(cookie.line, cookie.from, kNow);
  return jar;
}

TEST(CookieJar, ReturnsWhatItGot) {
  EXPECT_EQ(jar_with({{"a=1; Path=/; HttpOnly; Secure; SameSite=None"}}).header_for("/login/callback"), "a=1");
  EXPECT_EQ(jar_with({{"a=1; Path=/"}, {"b=x=y; path=/"}}).header_for("/"), "a=1; b=x=y");
  EXPECT_EQ(jar_with({{"a=; Path=/"}}).header_for("/"), "a=");
  EXPECT_EQ(jar_with({}).header_for("/"), "");
}

TEST(CookieJar, ReplacesByNameAndPath) {
  EXPECT_EQ(jar_with({{"a=1; Path=/"}, {"a=2; Path=/"}}).header_for("/"), "a=2");
  EXPECT_EQ(jar_with({{"a=1; Path=/"}, {"a=2; Path=/x"}}).header_for("/x/y"), "a=2; a=1");
}

TEST(CookieJar, ForgetsWhatIsExpired) {
  for (const char* end :
       {"Max-Age=0", "max-age=-1", "Expires=Thu, 01 Jan 1970 00:00:00 GMT", "Expires=Thu, 01-Jan-1970 00:00:01 GMT",
        "Expires=Fri, 15 Jan 2100 00:00:00 GMT; Max-Age=0"}) {
    SCOPED_TRACE(end);
    CookieJar jar = jar_with({{"a=1; Path=/"}, {"b=2; Path=/"}});
    jar.take(std::string("a=; Path=/; ") + end, "/", kNow);
    EXPECT_EQ(jar.header_for("/"), "b=2");
  }
}

TEST(CookieJar, KeepsWhatIsNotExpired) {
  for (const char* end : {"Max-Age=60", "Max-Age=nonsense", "Expires=Fri, 15 Jan 2100 00:00:00 GMT", "Expires=never",
                          "Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60"}) {
    SCOPED_TRACE(end);
    EXPECT_EQ(jar_with({{(std::string("a=1; Path=/; ") + end).c_str()}}).header_for("/"), "a=1");
  }
}

TEST(CookieJar, RemovesOnlyTheSamePath) {
  EXPECT_EQ(jar_with({{"a=1; Path=/x"}, {"a=; Path=/; Max-Age=0"}}).header_for("/x"), "a=1");
}

TEST(CookieJar, SendsACookieWithinItsPathOnly) {
  const struct {
    const char* cookie_path;
    const char* request_path;
    bool sent;
  } rows[] = {{"/", "/anything", true},       {"/auth", "/auth", true},   {"/auth", "/auth/x", true},
              {"/auth", "/authorize", false}, {"/auth/", "/auth", false}, {"/auth/", "/auth/x", true},
              {"/auth", "/", false}};
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.cookie_path) + " " + row.request_path);
    const CookieJar jar = jar_with({{(std::string("a=1; Path=") + row.cookie_path).c_str()}});
    EXPECT_EQ(!jar.header_for(row.request_path).empty(), row.sent);
  }
}

TEST(CookieJar, TakesTheRequestsFolderWhenNoPathIsGiven) {
  EXPECT_EQ(jar_with({{"a=1", "/realms/x/auth"}}).header_for("/realms/x/token"), "a=1");
  EXPECT_EQ(jar_with({{"a=1; Path=relative", "/realms/x/auth"}}).header_for("/realms"), "");
  EXPECT_EQ(jar_with({{"a=1", "/authorize"}}).header_for("/elsewhere"), "a=1");
}

TEST(CookieJar, IgnoresWhatIsNoCookie) { EXPECT_EQ(jar_with({{"novalue; Path=/"}, {"=x; Path=/"}, {""}}).size(), 0U); }

TEST(CookieJar, IsEmptyAfterClear) {
  CookieJar jar = jar_with({{"a=1; Path=/"}});
  jar.clear();
  EXPECT_EQ(jar.header_for("/"), "");
}

}  // namespace
}  // namespace symbolon::bench
