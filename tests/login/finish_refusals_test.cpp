#include "login/finish_refusals.h"

#include <gtest/gtest.h>

#include <set>

namespace symbolon::login {
namespace {

TEST(FromRefusal, SaysForEveryCauseWhatWasExpectedAndWhatToChange) {
  std::set<std::string> expected, hints;
  const RefusalCause causes[] = {RefusalCause::connection_gone,        RefusalCause::connection_inactive,
                                 RefusalCause::connection_not_enabled, RefusalCause::connection_not_offered,
                                 RefusalCause::client_unusable,        RefusalCause::user_gone,
                                 RefusalCause::user_blocked,           RefusalCause::user_elsewhere,
                                 RefusalCause::identity_gone,          RefusalCause::credential_revoked};
  for (const RefusalCause cause : causes) {
    const auto error =
        from_refusal({cause, {model::OAuthCode::access_denied, "what the application is told", {}}, "RP-76"});
    EXPECT_EQ(error.step, "admission");
    EXPECT_EQ(error.rule, "RP-76");
    EXPECT_EQ(error.received, "what the application is told");
    EXPECT_EQ(error.downstream.description, "what the application is told");
    EXPECT_FALSE(error.expected.empty());
    EXPECT_FALSE(error.hint.empty());
    EXPECT_TRUE(expected.insert(error.expected).second) << error.expected;
    EXPECT_TRUE(hints.insert(error.hint).second) << error.hint;
  }
}

}  // namespace
}  // namespace symbolon::login
