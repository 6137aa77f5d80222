#include "http/url.h"

#include <gtest/gtest.h>

namespace symbolon::http {
namespace {

TEST(Url, IsTakenApart) {
  const auto url = parse_url("HTTPS://Login.Example.com:8443/a/%7Eb?x=1&y=2#frag");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "login.example.com");
  EXPECT_EQ(url->port, "8443");
  EXPECT_EQ(url->path, "/a/%7Eb");
  EXPECT_EQ(url->query, "x=1&y=2");
  EXPECT_EQ(url->fragment, "frag");
  EXPECT_EQ(url->origin(), "https://login.example.com:8443");
  EXPECT_EQ(url->authority(), "login.example.com:8443");
  EXPECT_EQ(url->str(), "https://login.example.com:8443/a/%7Eb?x=1&y=2#frag");
}

TEST(Url, WritesBackWhatItRead) {
  for (const char* text : {"https://a.example", "https://a.example/", "https://a.example?", "https://a.example/?q#",
                           "https://a.example#f", "http://[::1]:8080/x", "com.example.app:/cb", "com.example.app:/",
                           "myapp://callback/x", "http://localhost:3000", "https://a.example/@user/x:y;z=1,2",
                           "https://a.example/{tenantid}/v2.0", "http://127.0.0.1/", "https://x_y.example"}) {
    const auto url = parse_url(text);
    ASSERT_TRUE(url) << text;
    EXPECT_EQ(url->str(), text);
  }
}

TEST(Url, OriginLeavesOutTheDefaultPort) {
  EXPECT_EQ(parse_url("https://a.example:443/x")->origin(), "https://a.example");
  EXPECT_EQ(parse_url("http://a.example:80/x")->origin(), "http://a.example");
  EXPECT_EQ(parse_url("http://a.example:443/x")->origin(), "http://a.example:443");
}

TEST(Url, PrivateUseSchemesHaveNoHost) {
  const auto url = parse_url("com.example.app:/oauth/cb?x=1");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "");
  EXPECT_EQ(url->path, "/oauth/cb");
  EXPECT_FALSE(url->is_loopback());
}

// The strings of threats T18 and T40, and every clause of the type's promise.
TEST(Url, RefusesWhatParsersDisagreeAbout) {
  const std::pair<const char*, const char*> kRefused[] = {
      {"empty", ""},
      {"relative", "/path"},
      {"scheme-relative", "//a.example/"},
      {"no scheme", "a.example"},
      {"scheme of digits", "1http://a.example"},
      {"opaque", "mailto:a@b.example"},
      {"script", "javascript:alert(1)"},
      {"https without slashes", "https:a.example"},
      {"https with one slash", "https:/a.example"},
      {"https with three slashes", "https:///a.example"},
      {"empty host", "https://"},
      {"empty host before a path", "https:///x"},
      {"empty host before a query", "https://?x"},
      {"empty host before a port", "https://:443/"},
      {"user", "https://user@a.example/"},
      {"user and password", "https://user:secret@a.example/"},
      {"several at signs", "https://good.example@evil.example@a.example/"},
      {"empty user", "https://@a.example/"},
      {"backslash in the authority", "https://good.example\\@evil.example/"},
      {"backslashes for slashes", "https:\\\\a.example"},
      {"backslash in the path", "https://a.example/\\evil"},
      {"space", "https://a.example/a b"},
      {"leading space", " https://a.example/"},
      {"trailing space", "https://a.example/ "},
      {"tab", "https://a.exa\tmple/"},
      {"line feed", "https://a.example/\n"},
      {"carriage return", "https://a.example\r/"},
      {"delete", "https://a.example/\x7f"},
      {"not ASCII", "https://ex\xc3\xa4mple.com/"},
      {"fullwidth dot",
       "https://a\xef\xbc\x8e"
       "example/"},
      {"quote", "https://a.example/\""},
      {"angle bracket", "https://a.example/<x"},
      {"half an escape", "https://a.example/%2"},
      {"no escape", "https://a.example/%zz"},
      {"no escape in the query", "https://a.example/?a=%"},
      {"escape in the host", "https://a%2eexample/"},
      {"escaped at sign in the host", "https://good.example%40evil.example/"},
      {"escaped slash in the host", "https://good.example%2f.evil.example/"},
      {"escaped NUL in the host", "https://a.example%00.evil.example/"},
      {"empty port", "https://a.example:/"},
      {"port zero", "https://a.example:0/"},
      {"port too large", "https://a.example:65536/"},
      {"port with a leading zero", "https://a.example:0443/"},
      {"port with a sign", "https://a.example:+443/"},
      {"port of letters", "https://a.example:80a/"},
      {"two ports", "https://a.example:80:443/"},
      {"two fragments", "https://a.example/#a#b"},
      {"empty label", "https://a..example/"},
      {"leading dot", "https://.example/"},
      {"trailing dot", "https://a.example./"},
      {"leading hyphen", "https://-a.example/"},
      {"trailing hyphen", "https://a-.example/"},
      {"wildcard", "https://*.example/"},
      {"semicolon in the host", "https://a.example;x/"},
      {"decimal address", "http://2130706433/"},
      {"octal address", "http://0177.0.0.1/"},
      {"hexadecimal address", "http://0x7f000001/"},
      {"hexadecimal part", "http://127.0.0.0x1/"},
      {"short address", "http://127.1/"},
      {"five parts", "http://127.0.0.0.1/"},
      {"part over 255", "http://256.0.0.1/"},
      {"name that ends in a number", "http://a.example.1/"},
      {"IPv6 without brackets", "http://::1/"},
      {"bracket not closed", "http://[::1/"},
      {"text after the bracket", "http://[::1]x/"},
      {"IPv4 in brackets", "http://[127.0.0.1]/"},
      {"zone", "http://[fe80::1%25eth0]/"},
      {"future literal", "http://[v1.x]/"},
      {"empty brackets", "http://[]/"},
      {"private use without slash", "com.example.app:cb"},
      {"private use with an empty host", "com.example.app:///cb"},
  };
  for (const auto& [name, text] : kRefused) EXPECT_EQ(parse_url(text), std::nullopt) << name << ": " << text;
  EXPECT_EQ(parse_url(std::string_view("https://a.example/\0", 19)), std::nullopt);
  EXPECT_EQ(parse_url("https://" + std::string(64, 'a') + ".example/"), std::nullopt);
  EXPECT_TRUE(parse_url("https://" + std::string(63, 'a') + ".example/"));
}

TEST(Url, KnowsLoopback) {
  for (const char* text : {"http://127.0.0.1/", "http://127.9.8.7:1/", "http://[::1]/", "http://[0:0:0:0:0:0:0:1]/",
                           "http://LOCALHOST:3000/", "http://[::ffff:127.0.0.1]/"})
    EXPECT_TRUE(parse_url(text)->is_loopback()) << text;
  for (const char* text :
       {"http://128.0.0.1/", "http://[::2]/", "http://localhost.example/", "http://127.0.0.1.example/"})
    EXPECT_FALSE(parse_url(text)->is_loopback()) << text;
}

TEST(WithQuery, AppendsToTheOwnQuery) {
  EXPECT_EQ(with_query("https://a.example/cb", {{"code", "x y"}, {"state", "&"}}),
            "https://a.example/cb?code=x%20y&state=%26");
  EXPECT_EQ(with_query("https://a.example/cb?own=1", {{"code", "x"}}), "https://a.example/cb?own=1&code=x");
  EXPECT_EQ(with_query("https://a.example/cb?", {{"code", "x"}}), "https://a.example/cb?code=x");
  EXPECT_EQ(with_query("https://a.example/cb#f", {{"code", "x"}}), "https://a.example/cb?code=x#f");
  EXPECT_EQ(with_query("https://a.example/cb", {}), "https://a.example/cb");
}

TEST(WithFragment, ReplacesTheFragment) {
  EXPECT_EQ(with_fragment("https://a.example/cb?q=1#old", {{"error", "a b"}}), "https://a.example/cb?q=1#error=a%20b");
}

}  // namespace
}  // namespace symbolon::http
