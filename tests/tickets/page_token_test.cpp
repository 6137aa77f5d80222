#include "tickets/page_token.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "tickets/fixture.h"

namespace symbolon::tickets {
namespace {

using namespace std::chrono_literals;

struct PageTokenTest : testing::Test {
  std::optional<std::string> open(std::string_view token, Instant now = kNow) {
    return open_page_token(test.box, kTenant, "clients?app_type=spa", token, now);
  }
  bool check(std::string_view token, Instant now = kNow) {
    return check_form_token(test.box, kTenant, "consent", "state_1", token, now);
  }

  TestBox test;
  std::string cursor = seal_page_token(test.box, kTenant, "clients?app_type=spa", "42|con_1", kNow);
  std::string form = seal_form_token(test.box, kTenant, "consent", "state_1", kNow);
};

TEST_F(PageTokenTest, OpensWithItsQuery) {
  EXPECT_EQ(open(cursor), "42|con_1");
  EXPECT_TRUE(base64url_decode(cursor)) << "it goes into a URL";
  EXPECT_LT(seal_page_token(test.box, kTenant, std::string(5000, 'f'), std::string(300, 'p'), kNow).size(), 1000u);
  EXPECT_EQ(open(seal_page_token(test.box, kTenant, "clients?app_type=spa", "", kNow)), "");
}

TEST_F(PageTokenTest, T57ACursorServesItsTenantAndQueryOnly) {
  EXPECT_FALSE(open_page_token(test.box, TenantId("other"), "clients?app_type=spa", cursor, kNow));
  for (const char* filters : {"", "clients", "clients?app_type=native", "clients?app_type=spa&"})
    EXPECT_FALSE(open_page_token(test.box, kTenant, filters, cursor, kNow)) << filters;
  // Neither can slide into the other: "a" + "b|c" is not "a|b" + "c".
  const auto split = seal_page_token(test.box, TenantId("a"), "b|c", "1", kNow);
  EXPECT_FALSE(open_page_token(test.box, TenantId("a|b"), "c", split, kNow));
}

TEST_F(PageTokenTest, T57NobodyElseMakesACursor) {
  for (const char* forged : {"", "42", "1 OR 1=1", "====", "AAAA"}) EXPECT_FALSE(open(forged)) << forged;
  EXPECT_FALSE(open(base64url_encode("1750086400|42")));
  EXPECT_FALSE(open(seal_page_token(TestBox(77).box, kTenant, "clients?app_type=spa", "42", kNow)));
  EXPECT_FALSE(open(cursor + "=")) << "one spelling only";
}

TEST_F(PageTokenTest, T27NoPartAndNoChangeOfACursorOpens) {
  expect_no_variant_is_accepted(cursor, [&](const std::string& token) { return open(token).has_value(); });
  expect_no_variant_is_accepted(form, [&](const std::string& token) { return check(token); });
}

TEST_F(PageTokenTest, T50CursorsAndFormsEnd) {
  EXPECT_TRUE(open(cursor, kNow + 24h - 1s));
  EXPECT_FALSE(open(cursor, kNow + 24h));
  EXPECT_TRUE(check(form, kNow + 2h - 1s));
  EXPECT_FALSE(check(form, kNow + 2h));
  EXPECT_FALSE(check(form, kNow + 24h * 365));
}

TEST_F(PageTokenTest, AFormServesItsPurposePageAndTenantOnly) {
  EXPECT_TRUE(check(form));
  EXPECT_FALSE(check_form_token(test.box, kTenant, "logout", "state_1", form, kNow));
  EXPECT_FALSE(check_form_token(test.box, kTenant, "consent", "state_2", form, kNow));
  EXPECT_FALSE(check_form_token(test.box, kTenant, "consent", "", form, kNow));
  EXPECT_FALSE(check_form_token(test.box, TenantId("other"), "consent", "state_1", form, kNow));
  EXPECT_FALSE(check(""));
}

}  // namespace
}  // namespace symbolon::tickets
