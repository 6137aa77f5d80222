#include "upstream/redaction.h"

#include <gtest/gtest.h>

namespace symbolon::upstream {
namespace {

TEST(Redaction, HidesValuesByTheirNames) {
  struct Row {
    const char* text;
    const char* want;
  } const rows[] = {
      {R"({"access_token":"abc","expires_in":3600})", R"({"access_token":"•••","expires_in":3600})"},
      {R"({"Client_SECRET": "abc"})", R"({"Client_SECRET": "•••"})"},
      {R"({"code":12345,"a":1})", R"({"code":•••,"a":1})"},
      {R"({"tokens":{"a":"x","b":["y"]},"c":1})", R"({"tokens":•••,"c":1})"},
      {R"({"tokens":["x]\"y","z"],"c":1})", R"({"tokens":•••,"c":1})"},
      {R"({"password":"a\"b,c","d":"e"})", R"({"password":"•••","d":"e"})"},
      {R"({"access_token":"cut in the mid)", R"({"access_token":"•••")"},
      {R"({"tokens":{"a":"x)", R"({"tokens":•••)"},
      {"access_token=abc&scope=x", "access_token=•••&scope=x"},
      {"the code: abc was used", "the code: ••• was used"},
      {"client_assertion = 'a b c' x", "client_assertion = ••• x"},
      {"Authorization: Bearer abc.def-_~ and more", "Authorization: Bearer ••• and more"},
      {"Basic dXNlcjpwYXNz", "Basic •••"},
      {"see eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln!", "see •••!"},
      {"invalid_grant: the code is wrong", "invalid_grant: the code is wrong"},
      {"https://token.example:8443/oauth/token: no", "https://token.example:8443/oauth/token: no"},
      {R"({"error":"invalid_client","error_description":"no"})",
       R"({"error":"invalid_client","error_description":"no"})"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(Redaction().clean(row.text, 1000), row.want);
  }
}

TEST(Redaction, HidesWhatItWasToldWhereverItIs) {
  Redaction redaction;
  redaction.hide("s3cr&t \"x\"");
  redaction.hide("s3cr");
  EXPECT_EQ(redaction.clean("a s3cr&t \"x\" b", 100), "a ••• b");
  EXPECT_EQ(redaction.clean("a s3cr%26t%20%22x%22 b", 100), "a ••• b");
  EXPECT_EQ(redaction.clean(R"(a s3cr&t \"x\" b)", 100), "a ••• b");
  EXPECT_EQ(redaction.hide_known("s3crs3cr"), "••••••");
}

TEST(Redaction, DoesNotHideNothing) {
  Redaction redaction;
  redaction.hide("");
  redaction.hide("abc");
  EXPECT_EQ(redaction.clean("abcabc", 100), "abcabc");
}

TEST(Redaction, CutsAfterHiding) {
  Redaction redaction;
  redaction.hide("0123456789");
  EXPECT_EQ(redaction.clean("ab0123456789", 5), "ab•");
  EXPECT_EQ(redaction.clean("ab0123456789", 8).find("012"), std::string::npos);
  EXPECT_LE(redaction.excerpt(std::string(100'000, 'x')).size(), kMaxExcerptBytes);
}

TEST(Redaction, SeesThroughJsonEscapes) {
  Redaction redaction;
  redaction.hide("canary");
  EXPECT_EQ(redaction.excerpt(R"({"a":"\u0063anary","\u0063ode":"x"})"), R"({"a":"•••","code":"•••"})");
}

TEST(Redaction, MakesTextPrintable) { EXPECT_EQ(Redaction().clean("a\r\nb\x1b[0m\u202e", 100), "a  b [0m "); }

TEST(Redaction, StaysLinear) {
  Redaction redaction;
  redaction.hide("aaaa");
  EXPECT_LE(redaction.excerpt(std::string(1 << 20, 'a')).size(), kMaxExcerptBytes);
  std::string names;
  while (names.size() < (1 << 20)) names += "token ";
  EXPECT_LE(redaction.excerpt(names).size(), kMaxExcerptBytes);
  EXPECT_LE(redaction.excerpt(std::string(1 << 20, '{') + "token:" + std::string(1 << 20, '{')).size(),
            kMaxExcerptBytes);
}

TEST(WithoutQuery, CutsAtTheFirstMark) {
  EXPECT_EQ(without_query("https://a.example/b?c=d#e"), "https://a.example/b");
  EXPECT_EQ(without_query("https://a.example/b#e?c"), "https://a.example/b");
  EXPECT_EQ(without_query("https://a.example"), "https://a.example");
}

}  // namespace
}  // namespace symbolon::upstream
