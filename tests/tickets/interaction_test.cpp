#include "tickets/interaction.h"

#include <gtest/gtest.h>

#include "tickets/fixture.h"

namespace symbolon::tickets {
namespace {

using namespace std::chrono_literals;

Interaction consent_page() {
  Interaction made;
  made.id = "page_1";
  made.tenant = kTenant;
  made.base_url = kBaseUrl;
  made.created_at = kNow;
  made.expires_at = kNow + 1h;
  made.step = InteractionStep::consent;
  made.request = full_login().request;
  made.session = SessionId("sid_1");
  made.user = UserId("oidc|acme|ada");
  made.login_claims = R"({"team":"a"})";
  return made;
}

struct InteractionTest : testing::Test {
  std::optional<Interaction> open(std::string_view sealed, const Interaction& of, Instant now = kNow) {
    return open_interaction(test.box, sealed, of.id, of.tenant, of.base_url, now);
  }
  TestBox test;
};

TEST_F(InteractionTest, EveryMemberComesBack) {
  const Interaction made = consent_page();
  const auto opened = open(seal_interaction(test.box, made), made);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->id, made.id);
  EXPECT_EQ(opened->tenant, made.tenant);
  EXPECT_EQ(opened->base_url, made.base_url);
  EXPECT_EQ(opened->created_at, made.created_at);
  EXPECT_EQ(opened->expires_at, made.expires_at);
  EXPECT_EQ(opened->step, made.step);
  EXPECT_EQ(opened->session, made.session);
  EXPECT_EQ(opened->user, made.user);
  EXPECT_EQ(opened->login_claims, made.login_claims);
  EXPECT_EQ(opened->request.redirect_uri, made.request.redirect_uri);
  EXPECT_EQ(opened->request.prompt, made.request.prompt);
  EXPECT_EQ(opened->request.passed_on, made.request.passed_on);
}

TEST_F(InteractionTest, T48OpensForItsOwnTenantHostAndIdOnly) {
  const Interaction made = consent_page();
  const std::string sealed = seal_interaction(test.box, made);
  ASSERT_TRUE(open(sealed, made));
  for (void (*spoil)(Interaction&) : {+[](Interaction& i) { i.id = "page_2"; },
                                      +[](Interaction& i) { i.tenant = TenantId("other"); },
                                      +[](Interaction& i) { i.base_url = "https://other.example.com"; }}) {
    Interaction other = made;
    spoil(other);
    EXPECT_FALSE(open(sealed, other));
  }
}

TEST_F(InteractionTest, T50EndsWhenItExpires) {
  const Interaction made = consent_page();
  const std::string sealed = seal_interaction(test.box, made);
  EXPECT_TRUE(open(sealed, made, made.expires_at - 1ms));
  EXPECT_FALSE(open(sealed, made, made.expires_at));
}

TEST_F(InteractionTest, T48NoBitMayChange) {
  Interaction made = consent_page();
  made.request = {};
  expect_no_variant_is_accepted(seal_interaction(test.box, made),
                                [&](const std::string& sealed) { return open(sealed, made).has_value(); });
}

}  // namespace
}  // namespace symbolon::tickets
