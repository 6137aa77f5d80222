#include "store/client_origin.h"

#include <gtest/gtest.h>

namespace symbolon::store {
namespace {

std::vector<std::string> patterns(const model::Client& client) {
  std::vector<std::string> found;
  for (const RegisteredOrigin& origin : registered_origins(client)) found.push_back(origin.pattern);
  return found;
}

TEST(ClientOrigin, ComesFromCallbacksAndBothLists) {
  model::Client client;
  client.callbacks = {"https://Shop.Example.com/callback?x=1", "https://shop.example.com:443/other",
                      "com.example.app:/cb", "http://127.0.0.1:8080/cb"};
  client.web_origins = {"https://www.example.com:8443"};
  client.allowed_origins = {"https://shop.example.com", "not a url", "https://user@evil.example", "ftp://a.example"};
  EXPECT_EQ(patterns(client), (std::vector<std::string>{"http://127.0.0.1:8080", "https://shop.example.com",
                                                        "https://www.example.com:8443"}));
}

TEST(ClientOrigin, WildcardsStandForOneLabelAndForFirstPartiesOnly) {
  model::Client client;
  client.callbacks = {"https://pr-*.Preview.example.com/cb", "https://a.*.example.com/cb", "https://*.*.example.com/cb",
                      "https://*/cb", "https://shop.example.com/*"};
  EXPECT_EQ(patterns(client),
            (std::vector<std::string>{"https://pr-*.preview.example.com", "https://shop.example.com"}));
  EXPECT_EQ(registered_origins(client).front().key, "https://*.preview.example.com");
  client.first_party = false;
  EXPECT_EQ(patterns(client), std::vector<std::string>{"https://shop.example.com"});
}

TEST(ClientOrigin, MatchesExactlyOrOneLabel) {
  const struct {
    const char* pattern;
    const char* origin;
    bool want;
  } rows[] = {
      {"https://a.example", "https://a.example", true},
      {"https://a.example", "https://a.example.evil", false},
      {"https://a.example", "http://a.example", false},
      {"https://*.example.com", "https://x.example.com", true},
      {"https://*.example.com", "https://x.y.example.com", false},
      {"https://*.example.com", "https://.example.com", false},
      {"https://*.example.com", "https://example.com", false},
      {"https://*.example.com", "https://x.example.com:8443", false},
      {"https://*.example.com", "https://x.evil.com", false},
      {"https://pr-*.example.com", "https://pr-12.example.com", true},
      {"https://pr-*.example.com", "https://pr-.example.com", false},
      {"https://pr-*.example.com", "https://xx-12.example.com", false},
      {"https://*-dev.example.com", "https://a-dev.example.com", true},
      {"https://*-dev.example.com", "https://-dev.example.com", false},
      {"https://a*a.example.com", "https://a.example.com", false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.pattern) + " " + row.origin);
    EXPECT_EQ(matches_origin(row.pattern, row.origin), row.want);
  }
}

TEST(ClientOrigin, LooksUpWildcardsByTheRestOfTheName) {
  EXPECT_EQ(wildcard_key("https://x.example.com:8443"), "https://*.example.com:8443");
  EXPECT_FALSE(wildcard_key("https://localhost"));
  EXPECT_FALSE(wildcard_key("https://[::ffff:192.0.2.1]"));
  EXPECT_FALSE(wildcard_key("null"));
}

}  // namespace
}  // namespace symbolon::store
