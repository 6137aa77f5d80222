#include "upstream/logout_token.h"

#include <gtest/gtest.h>

#include "support/token_builder.h"
#include "upstream/sample_connection.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;

constexpr std::int64_t kNow = 1'800'000'000;

const TestKey& key() {
  static const TestKey key = TestKey::make("ec-1");
  return key;
}
const TestKey& stranger() {
  static const TestKey key = TestKey::make("ec-1");
  return key;
}

struct Case {
  model::Connection connection = back_channel();
  TokenBuilder token{key()};

  Case() {
    token.header["typ"] = "logout+jwt";
    token.claims = {{"iss", "https://idp.example"},
                    {"aud", "client-1"},
                    {"iat", kNow - 5},
                    {"exp", kNow + 115},
                    {"jti", "one"},
                    {"sub", "ada"},
                    {"sid", "their-session"},
                    {"events", {{"http://schemas.openid.net/event/backchannel-logout", js::object()}}}};
  }
  std::expected<LogoutToken, LogoutTokenFailure> verify() const {
    const auto keys = jose::KeySet::parse(key_set_of({&key()})).value();
    return verify_logout_token(token.compact(), keys, connection.upstream, from_epoch_seconds(kNow));
  }
};

TEST(LogoutToken, AcceptsWhatProvidersSend) {
  const auto token = Case().verify();
  ASSERT_TRUE(token) << token.error().why;
  EXPECT_EQ(token->issuer, "https://idp.example");
  EXPECT_EQ(token->jti, "one");
  EXPECT_EQ(token->subject, "ada");
  EXPECT_EQ(token->sid, "their-session");
  EXPECT_GE(token->replay_expires_at, from_epoch_seconds(kNow + 600));

  const struct {
    const char* name;
    void (*change)(Case&);
  } rows[] = {
      {"typ JWT", [](Case& c) { c.token.header["typ"] = "JWT"; }},
      {"no typ", [](Case& c) { c.token.header.erase("typ"); }},
      {"aud as a list", [](Case& c) { c.token.claims["aud"] = {"another", "client-1"}; }},
      {"sub alone", [](Case& c) { c.token.claims.erase("sid"); }},
      {"sid alone", [](Case& c) { c.token.claims.erase("sub"); }},
      {"an older sender without exp", [](Case& c) { c.token.claims.erase("exp"); }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Case one;
    row.change(one);
    const auto result = one.verify();
    EXPECT_TRUE(result) << result.error().why;
  }
}

// SEC-51: one thing is wrong.
const struct {
  const char* name;
  void (*spoil)(Case&);
  const char* why;
} kSpoiled[] = {
    {"an access token's typ", [](Case& c) { c.token.header["typ"] = "at+jwt"; }, "another typ"},
    {"an algorithm that is not allowed", [](Case& c) { c.connection.upstream.id_token_algorithms = {"RS256"}; },
     "algorithm ES256"},
    {"another key", [](Case& c) { c.token.key = stranger(); }, "signature"},
    {"another issuer", [](Case& c) { c.token.claims["iss"] = "https://evil.example"; }, "another issuer"},
    {"no issuer", [](Case& c) { c.token.claims.erase("iss"); }, "another issuer"},
    {"another audience", [](Case& c) { c.token.claims["aud"] = "client-2"; }, "another audience"},
    {"no iat", [](Case& c) { c.token.claims.erase("iat"); }, "iat is missing"},
    {"old", [](Case& c) { c.token.claims["iat"] = kNow - 361; }, "iat is too long ago"},
    {"old without exp",
     [](Case& c) {
       c.token.claims.erase("exp");
       c.token.claims["iat"] = kNow - 181;
     },
     "iat is too long ago"},
    {"from the future", [](Case& c) { c.token.claims["iat"] = kNow + 61; }, "iat is in the future"},
    {"expired", [](Case& c) { c.token.claims["exp"] = kNow - 60; }, "expired"},
    {"exp as text", [](Case& c) { c.token.claims["exp"] = "soon"; }, "exp is no number"},
    {"no jti", [](Case& c) { c.token.claims.erase("jti"); }, "jti is missing or too long"},
    {"no events", [](Case& c) { c.token.claims.erase("events"); }, "events does not speak of a logout"},
    {"another event", [](Case& c) { c.token.claims["events"] = {{"urn:other", js::object()}}; },
     "events does not speak of a logout"},
    {"the event is no object",
     [](Case& c) { c.token.claims["events"] = {{"http://schemas.openid.net/event/backchannel-logout", true}}; },
     "events does not speak of a logout"},
    {"an ID token's nonce", [](Case& c) { c.token.claims["nonce"] = "n"; }, "has a nonce"},
    {"nobody",
     [](Case& c) {
       c.token.claims.erase("sid");
       c.token.claims.erase("sub");
     },
     "neither sid nor sub"},
    {"sid is no text", [](Case& c) { c.token.claims["sid"] = 7; }, "sid or sub is no text"},
};

TEST(LogoutToken, RefusesATokenWithOneThingWrong) {
  for (const auto& row : kSpoiled) {
    SCOPED_TRACE(row.name);
    Case one;  // accepted as it is: AcceptsWhatProvidersSend
    row.spoil(one);
    const auto result = one.verify();
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error().why.contains(row.why)) << result.error().why;
  }
}

TEST(LogoutToken, SaysWhenNewerKeysMayHelp) {
  Case other_kid;
  other_kid.token.header["kid"] = "ec-2";
  EXPECT_TRUE(other_kid.verify().error().unknown_key);
  Case other_key;
  other_key.token.key = stranger();
  EXPECT_TRUE(other_key.verify().error().bad_signature);
  const auto keys = jose::KeySet::parse(key_set_of({&key()})).value();
  EXPECT_FALSE(verify_logout_token("garbage", keys, Case().connection.upstream, from_epoch_seconds(kNow)));
}

}  // namespace
}  // namespace symbolon::upstream
