#include "base/encoding.h"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

// RFC 4648 §10.
TEST(Base64, MatchesRfc4648) {
  const struct {
    const char* plain;
    const char* padded;
    const char* url;
  } rows[] = {{"", "", ""},
              {"f", "Zg==", "Zg"},
              {"fo", "Zm8=", "Zm8"},
              {"foo", "Zm9v", "Zm9v"},
              {"foob", "Zm9vYg==", "Zm9vYg"},
              {"fooba", "Zm9vYmE=", "Zm9vYmE"},
              {"foobar", "Zm9vYmFy", "Zm9vYmFy"}};
  for (const auto& row : rows) {
    EXPECT_EQ(base64_encode(row.plain), row.padded);
    EXPECT_EQ(base64_decode(row.padded), row.plain);
    EXPECT_EQ(base64url_encode(row.plain), row.url);
    EXPECT_EQ(base64url_decode(row.url), row.plain);
  }
}

TEST(Base64, DiffersInTwoLettersOfTheAlphabet) {
  EXPECT_EQ(base64_encode("\xfb\xff\xbf"), "+/+/");
  EXPECT_EQ(base64url_encode("\xfb\xff\xbf"), "-_-_");
  EXPECT_FALSE(base64_decode("-_-_"));
  EXPECT_FALSE(base64url_decode("+/+/"));
}

TEST(Base64, CarriesEveryByteAtEveryPlace) {
  std::string bytes;
  for (int i = 0; i < 515; ++i) {
    EXPECT_EQ(base64url_decode(base64url_encode(bytes)), bytes);
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
    bytes.push_back(static_cast<char>(i * 7));
  }
}

TEST(Base64, AppendsToWhatIsThere) {
  std::string out = "a.";
  base64url_append(out, "fooba");
  EXPECT_EQ(out, "a.Zm9vYmE");
}

TEST(Base64, RefusesWhatIsNotCanonical) {
  for (const char* text :
       {"Zg==", "Zg=", "Z", "Zm9vY", "Zh", "Zm9", "Zm 9v", "Zm9v\n", "Zm9v?", "Zm+v", "Zm9v.", "\xc3\xa9Zm"})
    EXPECT_FALSE(base64url_decode(text)) << text;
  for (const char* text : {"Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm9v=", "=Zm9"})
    EXPECT_FALSE(base64_decode(text)) << text;
}

TEST(Hex, GoesBothWays) {
  EXPECT_EQ(hex_encode(std::string("\x00\x7f\xff", 3)), "007fff");
  EXPECT_EQ(hex_decode("007Fff"), std::string("\x00\x7f\xff", 3));
  EXPECT_FALSE(hex_decode("0"));
  EXPECT_FALSE(hex_decode("0g"));
}

}  // namespace
}  // namespace symbolon
