#include "jose/token_hash.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "crypto/digest.h"

namespace symbolon::jose {
namespace {

using enum crypto::SignatureAlgorithm;

// OpenID Connect Core, appendix A.4 and A.6.
const char* const kAccessToken = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
const char* const kCode = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";

TEST(TokenHash, MatchesTheSpecificationsExamples) {
  EXPECT_EQ(token_hash(RS256, kAccessToken), "77QmUPtjPfzWtF2AnpK9RQ");
  EXPECT_EQ(token_hash(RS256, kCode), "LDktKdoQak3Pk0cnXxCltA");
}

TEST(TokenHash, FollowsTheAlgorithm) {
  for (const auto algorithm : {PS256, ES256}) EXPECT_EQ(token_hash(algorithm, kCode), token_hash(RS256, kCode));
  for (const auto algorithm : {RS384, PS384, ES384})
    EXPECT_EQ(token_hash(algorithm, kCode), base64url_encode(crypto::sha384(kCode).substr(0, 24)));
  for (const auto algorithm : {RS512, PS512, ES512, EdDSA})
    EXPECT_EQ(token_hash(algorithm, kCode), base64url_encode(crypto::sha512(kCode).substr(0, 32)));
}

TEST(TokenHash, MatchesItsTokenOnly) {
  EXPECT_TRUE(matches_token_hash("77QmUPtjPfzWtF2AnpK9RQ", RS256, kAccessToken));
  EXPECT_FALSE(matches_token_hash("77QmUPtjPfzWtF2AnpK9RQ", RS256, kCode));
  EXPECT_FALSE(matches_token_hash("77QmUPtjPfzWtF2AnpK9RQ", RS384, kAccessToken));
  EXPECT_FALSE(matches_token_hash("77QmUPtjPfzWtF2AnpK9R", RS256, kAccessToken));
  EXPECT_FALSE(matches_token_hash("", RS256, ""));
}

}  // namespace
}  // namespace symbolon::jose
