#include "oidc/logout_url.h"

#include <gtest/gtest.h>

namespace symbolon::oidc {
namespace {

const std::vector<std::string> kRegistered{"https://app.example.com/bye", "https://app.example.com/out?from=idp",
                                           "https://pr-*.preview.example.com/", "http://localhost:3000",
                                           "com.example.app:/logged-out"};

std::string followed(std::string_view url, LogoutMatch match) {
  const auto found = check_logout_url(kRegistered, url, match);
  return found ? found->url() : "";
}

TEST(LogoutUrl, ARegisteredAddressIsFollowedAsItWasGiven) {
  for (const auto match : {LogoutMatch::exact, LogoutMatch::without_query})
    for (const char* url : {"https://app.example.com/bye", "HTTPS://App.Example.COM/bye",
                            "https://pr-17.preview.example.com/", "http://localhost:3000", "http://localhost:3000/",
                            "https://app.example.com/out?from=idp", "com.example.app:/logged-out"})
      EXPECT_EQ(followed(url, match), url);
}

TEST(LogoutUrl, LO3QueryAndFragmentCountForOneOfThemOnly) {
  for (const char* url : {"https://app.example.com/bye?x=1", "https://app.example.com/out?from=elsewhere",
                          "https://app.example.com/out"}) {
    EXPECT_EQ(followed(url, LogoutMatch::without_query), url);
    EXPECT_EQ(followed(url, LogoutMatch::exact), "") << url;
  }
  EXPECT_EQ(followed("https://app.example.com/bye#top", LogoutMatch::without_query), "https://app.example.com/bye#top");
  EXPECT_EQ(followed("https://app.example.com/bye#top", LogoutMatch::exact), "");
}

TEST(LogoutUrl, T21NothingElseIs) {
  for (const auto match : {LogoutMatch::exact, LogoutMatch::without_query})
    for (const char* url :
         {"", "https://evil.example/bye", "https://app.example.com.evil.example/bye", "https://app.example.com/BYE",
          "https://app.example.com/bye/", "https://app.example.com/bye/../x", "http://app.example.com/bye",
          "https://app.example.com:8443/bye", "https://user@app.example.com/bye",
          "https://app.example.com\\@evil.example/bye", "https://evil.example\\.app.example.com/bye",
          "javascript:alert(1)", "//app.example.com/bye", "/bye", "https://pr-.preview.example.com/",
          "https://a.pr-1.preview.example.com/", "https://preview.example.com/", "http://localhost:3001",
          "https://app.example.com/bye\n"})
      EXPECT_EQ(followed(url, match), "") << url;
}

TEST(LogoutUrl, TheFirstWholeAddressStandsInForNone) {
  EXPECT_EQ(first_logout_url(kRegistered)->url(), "https://app.example.com/bye");
  EXPECT_EQ(first_logout_url({"https://*.example.com/", "https://b.example/"})->url(), "https://b.example/");
  EXPECT_FALSE(first_logout_url({}));
  EXPECT_FALSE(first_logout_url({"javascript:alert(1)"}));
}

}  // namespace
}  // namespace symbolon::oidc
