#include <gtest/gtest.h>

#include "upstream/id_token_case.h"

// What an administrator reads when an ID token was refused.
namespace symbolon::upstream {
namespace {

TEST(ExplainIdToken, ShowsWhatTheAdministratorNeedsAndNoMore) {
  Case c = back();
  c.token.claims["nonce"] = "another-nonce-entirely";
  const UpstreamError error = explain(c.connection, c.verify().error());
  EXPECT_EQ(error.step, "id_token");
  EXPECT_EQ(error.rule, "V11");
  EXPECT_EQ(error.expected, "nonce-…");
  EXPECT_EQ(error.received, "anothe…");
  EXPECT_EQ(error.downstream.code, model::OAuthCode::access_denied);
  EXPECT_EQ(error.downstream.description, "Invalid ID token from Acme Inc");
  EXPECT_TRUE(
      error.downstream.detail.contains("kid=ec-1 alg=ES256 iss=https://idp.example aud=client-1 iat=1799999995"));
}

TEST(ExplainIdToken, HintsAtTheSlash) {
  Case c = back();
  c.token.claims["iss"] = "https://idp.example/";
  const UpstreamError error = explain(c.connection, c.verify().error());
  EXPECT_EQ(error.expected, "https://idp.example");
  EXPECT_EQ(error.received, "https://idp.example/");
  EXPECT_TRUE(error.hint.contains("slash"));
}

TEST(ExplainIdToken, ListsTheKnownKeys) {
  Case c = back();
  c.token.header["kid"] = "new";
  const UpstreamError error = explain(c.connection, c.verify().error());
  EXPECT_TRUE(error.expected.contains("ec-1, rsa-1")) << error.expected;
  EXPECT_EQ(error.received, "kid new");
}

TEST(ExplainIdToken, NamesARefusedAlgorithm) {
  Case c = back();
  c.token.header["alg"] = "HS256";
  const UpstreamError error = explain(c.connection, c.verify().error());
  EXPECT_EQ(error.received, "HS256");
  EXPECT_TRUE(error.hint.contains("public key"));
}

TEST(ExplainIdToken, LetsTheApplicationAskAgainWhenTheSignInIsTooOld) {
  for (const IdTokenCheck check : {IdTokenCheck::auth_time, IdTokenCheck::auth_time_missing})
    EXPECT_EQ(explain(back_channel(), {check, "", "", ""}).downstream.code, model::OAuthCode::login_required);
}

TEST(ExplainIdToken, SaysWhatIsWrongWithTheSessionExpiry) {
  EXPECT_EQ(explain(back_channel(), {IdTokenCheck::session_expiry, "", "", ""}).check,
            "The upstream Identity Provider did not return a session_expiry claim");
  EXPECT_EQ(explain(back_channel(), {IdTokenCheck::session_expired, "", "", ""}).check, "session already expired");
}

}  // namespace
}  // namespace symbolon::upstream
