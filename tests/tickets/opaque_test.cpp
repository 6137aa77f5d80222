#include "tickets/opaque.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/time_ordered.h"
#include "crypto/digest.h"
#include "tickets/fixture.h"

namespace symbolon::tickets {
namespace {

using namespace std::chrono_literals;

template <class Made, class Hashed>
void expect_opaque(Made make, Hashed hash) {
  CounterRandom random;
  const auto first = make(random);
  const auto second = make(random);
  EXPECT_EQ(first.value.size(), 43u);
  EXPECT_EQ(base64url_decode(first.value)->size(), 32u) << "256 bits";
  EXPECT_NE(first.value, second.value);
  EXPECT_EQ(first.hash.bytes.size(), 32u);
  EXPECT_EQ(hash(first.value), first.hash);
  EXPECT_NE(hash(second.value), first.hash);
}

template <class Made, class Hashed>
void expect_time_ordered(Made make, Hashed hash) {
  CounterRandom random;
  const auto first = make(random, kNow);
  const auto twin = make(random, kNow);
  const auto second = make(random, kNow + 1ms);
  for (const auto& made : {first, twin, second}) {
    EXPECT_EQ(base64url_decode(made.value.substr(kTimePrefixLength))->size(), 32u) << "256 bits behind the time";
    EXPECT_EQ(made.hash.bytes.size(), kTimePrefixLength + 32);
    EXPECT_EQ(hash(made.value), made.hash);
  }
  EXPECT_NE(first.value, twin.value);
  EXPECT_NE(first.hash, twin.hash);
  EXPECT_LT(std::max(first.hash.bytes, twin.hash.bytes), second.hash.bytes) << "rows lie in the order of time";
}

TEST(Opaque, ValuesAreRandomAndKnownByTheirHash) {
  expect_time_ordered(make_code, hash_code);
  expect_time_ordered(make_access_token, hash_access_token);
  expect_time_ordered(make_refresh_token, hash_refresh_token);
  expect_time_ordered(make_session_cookie, hash_session_cookie);
  expect_opaque(make_service_token, hash_service_token);
  expect_opaque([](Random& random) { return make_ticket(random, "pushed_request"); },
                [](std::string_view value) { return hash_ticket("pushed_request", value); });
}

// Stored hashes outlive the program that made them.
TEST(Opaque, HashesKeepTheirForm) {
  using std::string_literals::operator""s;
  EXPECT_EQ(hash_code("x").bytes, crypto::sha256("code\0x"s));
  EXPECT_EQ(hash_access_token("x").bytes, crypto::sha256("access_token\0x"s));
  EXPECT_EQ(hash_refresh_token("x").bytes, crypto::sha256("refresh_token\0x"s));
  EXPECT_EQ(hash_session_cookie("x").bytes, crypto::sha256("session_cookie\0x"s));
  EXPECT_EQ(hash_client_secret("x").bytes, crypto::sha256("client_secret\0x"s));
  EXPECT_EQ(hash_ticket("login_state", "x").bytes, crypto::sha256("ticket:login_state\0x"s));
}

// Tokens from before times were put into them are still out there.
TEST(Opaque, AValueWithoutATimeIsKnownByItsDigestAlone) {
  CounterRandom random;
  const std::string old = random_token(random, 32);
  EXPECT_EQ(hash_refresh_token(old).bytes.size(), 32u);
  EXPECT_EQ(hash_session_cookie(old).bytes.size(), 32u);
}

// The time in front is part of what is hashed: nobody makes another key of a value by changing it.
TEST(Opaque, AnotherTimeInFrontIsAnotherValue) {
  CounterRandom random;
  const auto made = make_refresh_token(random, kNow);
  std::string later = made.value;
  later.replace(0, kTimePrefixLength, make_refresh_token(random, kNow + 1ms).value.substr(0, kTimePrefixLength));
  EXPECT_NE(hash_refresh_token(later).bytes.substr(kTimePrefixLength), made.hash.bytes.substr(kTimePrefixLength));
}

TEST(Opaque, T17T24OneValueHasAnotherHashAtEveryOtherPlace) {
  CounterRandom random;
  const std::string value = make_code(random, kNow).value;
  std::set<std::string> hashes{hash_code(value).bytes, hash_access_token(value).bytes, hash_refresh_token(value).bytes,
                               hash_session_cookie(value).bytes, hash_client_secret(value).bytes};
  const auto kinds = {
      "login_state", "pushed_request", "administrator_link", "code", "access_token", "refresh_token", ""};
  for (const char* kind : kinds) hashes.insert(hash_ticket(kind, value).bytes);
  EXPECT_EQ(hashes.size(), 5 + kinds.size());
}

TEST(Opaque, T27NoPartAndNoChangeOfAValueHasItsHash) {
  CounterRandom random;
  const auto code = make_code(random, kNow);
  expect_no_variant_is_accepted(code.value, [&](const std::string& value) { return hash_code(value) == code.hash; });
  const auto access = make_access_token(random, kNow);
  expect_no_variant_is_accepted(access.value,
                                [&](const std::string& value) { return hash_access_token(value) == access.hash; });
  const auto refresh = make_refresh_token(random, kNow);
  expect_no_variant_is_accepted(refresh.value,
                                [&](const std::string& value) { return hash_refresh_token(value) == refresh.hash; });
  const auto cookie = make_session_cookie(random, kNow);
  expect_no_variant_is_accepted(cookie.value,
                                [&](const std::string& value) { return hash_session_cookie(value) == cookie.hash; });
  const auto ticket = make_ticket(random, "link_page");
  expect_no_variant_is_accepted(
      ticket.value, [&](const std::string& value) { return hash_ticket("link_page", value) == ticket.hash; });
}

}  // namespace
}  // namespace symbolon::tickets
