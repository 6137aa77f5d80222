#include "tickets/opaque.h"

#include <gtest/gtest.h>

#include <set>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "tickets/fixture.h"

namespace symbolon::tickets {
namespace {

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

TEST(Opaque, ValuesAreRandomAndKnownByTheirHash) {
  expect_opaque(make_code, hash_code);
  expect_opaque(make_access_token, hash_access_token);
  expect_opaque(make_refresh_token, hash_refresh_token);
  expect_opaque(make_session_cookie, hash_session_cookie);
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

TEST(Opaque, T17T24OneValueHasAnotherHashAtEveryOtherPlace) {
  CounterRandom random;
  const std::string value = make_code(random).value;
  std::set<std::string> hashes{hash_code(value).bytes, hash_access_token(value).bytes, hash_refresh_token(value).bytes,
                               hash_session_cookie(value).bytes, hash_client_secret(value).bytes};
  const auto kinds = {
      "login_state", "pushed_request", "administrator_link", "code", "access_token", "refresh_token", ""};
  for (const char* kind : kinds) hashes.insert(hash_ticket(kind, value).bytes);
  EXPECT_EQ(hashes.size(), 5 + kinds.size());
}

TEST(Opaque, T27NoPartAndNoChangeOfAValueHasItsHash) {
  CounterRandom random;
  const auto code = make_code(random);
  expect_no_variant_is_accepted(code.value, [&](const std::string& value) { return hash_code(value) == code.hash; });
  const auto access = make_access_token(random);
  expect_no_variant_is_accepted(access.value,
                                [&](const std::string& value) { return hash_access_token(value) == access.hash; });
  const auto refresh = make_refresh_token(random);
  expect_no_variant_is_accepted(refresh.value,
                                [&](const std::string& value) { return hash_refresh_token(value) == refresh.hash; });
  const auto cookie = make_session_cookie(random);
  expect_no_variant_is_accepted(cookie.value,
                                [&](const std::string& value) { return hash_session_cookie(value) == cookie.hash; });
  const auto ticket = make_ticket(random, "link_page");
  expect_no_variant_is_accepted(
      ticket.value, [&](const std::string& value) { return hash_ticket("link_page", value) == ticket.hash; });
}

}  // namespace
}  // namespace symbolon::tickets
