#include <gtest/gtest.h>

#include "flows/try_order.h"

namespace symbolon::flows {
namespace {

using model::FirstContactOptions;

/// A test of `acme` by somebody whom nobody has seen there, but who has an account by `front`.
class TryEffect : public World, public testing::Test {
 protected:
  TryEffect() {
    arrive(depart("front"), "front");
    cookies.clear();
  }
  // The page that a test ends at when `acme` has these options.
  std::string would(const FirstContactOptions& options) {
    set("acme", options);
    return arrive(parameters(get("/try/" + order_try(*this, "acme").ticket)), "acme").body;
  }
  void set(const std::string& connection, const FirstContactOptions& options) {
    change_connection(connection, [&](auto& one) { one.upstream.first_contact = options; });
  }

  FirstContactOptions strict{.linking_allowed = false,
                             .creation_allowed = false,
                             .auto_creation = true,
                             .auto_linking = model::AutoLinking::email,
                             .stated = true};
};

// login-runtime DB-3: the rules of linking are evaluated and told, and nobody is linked.
TEST_F(TryEffect, NamesTheAccountThatAutoLinkingFinds) {
  const std::string proposes = would(strict);
  EXPECT_TRUE(proposes.contains("say that there is an account already")) << proposes;
  EXPECT_TRUE(proposes.contains("oidc|front|ada")) << proposes;
  EXPECT_FALSE(proposes.contains("oidc|acme|ada"));

  FirstContactOptions trusting = strict;
  trusting.trust_email = true;
  trusting.trusted_email_domains = {"idp.example"};
  set("front", trusting);
  EXPECT_TRUE(would(trusting).contains("add this identity to the account that was found"));
  EXPECT_EQ(count("users"), 1);
  EXPECT_EQ(count("identities"), 1);
}

TEST_F(TryEffect, SaysWhatHappensToSomebodyNew) {
  FirstContactOptions options = strict;
  options.auto_linking = model::AutoLinking::unspecified;
  EXPECT_TRUE(would(options).contains("create the user"));
  EXPECT_TRUE(would({}).contains("create the user")) << "without provider options";

  more_claims["email"] = nullptr;
  EXPECT_TRUE(would(options).contains("be refused: the provider told no e-mail address"));
  options.creation_allowed = true;
  EXPECT_TRUE(would(options).contains("ask the person whether to create or link"));
  options.creation_allowed = options.auto_creation = false;
  EXPECT_TRUE(would(options).contains("may neither create nor link"));
  EXPECT_EQ(count("users"), 1);
}

}  // namespace
}  // namespace symbolon::flows
