#include "jose/pkce.h"

#include <gtest/gtest.h>

namespace symbolon::jose {
namespace {

const std::string kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const std::string kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

TEST(Pkce, MatchesRfc7636AppendixB) {
  EXPECT_EQ(code_challenge(kVerifier), kChallenge);
  EXPECT_TRUE(matches_challenge(kChallenge, kVerifier));
}

TEST(Pkce, T31_MatchesNothingElse) {
  EXPECT_FALSE(matches_challenge(kChallenge, kVerifier + "a"));
  EXPECT_FALSE(matches_challenge(kChallenge, kChallenge));
  EXPECT_FALSE(matches_challenge(kVerifier, kVerifier));  // the method plain
  EXPECT_FALSE(matches_challenge(kChallenge, ""));
  EXPECT_FALSE(matches_challenge("", kVerifier));
  EXPECT_FALSE(matches_challenge("", ""));
  EXPECT_FALSE(matches_challenge(code_challenge(""), ""));
  EXPECT_FALSE(matches_challenge(code_challenge("short"), "short"));
  EXPECT_FALSE(matches_challenge(kChallenge + "=", kVerifier));
}

TEST(Pkce, KnowsAVerifier) {
  EXPECT_TRUE(is_code_verifier(std::string(43, 'a')));
  EXPECT_TRUE(is_code_verifier(std::string(128, '~')));
  EXPECT_TRUE(is_code_verifier("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"));
  EXPECT_FALSE(is_code_verifier(std::string(42, 'a')));
  EXPECT_FALSE(is_code_verifier(std::string(129, 'a')));
  for (const char bad : {' ', '+', '/', '=', '\0', '%', '\n', '\x7f', '\xe9'})
    EXPECT_FALSE(is_code_verifier(std::string(42, 'a') + bad)) << static_cast<int>(bad);
}

TEST(Pkce, KnowsAChallenge) {
  EXPECT_TRUE(is_code_challenge(kChallenge));
  EXPECT_FALSE(is_code_challenge(kChallenge.substr(1)));
  EXPECT_FALSE(is_code_challenge(kChallenge + "A"));
  EXPECT_FALSE(is_code_challenge(std::string(42, 'a') + '~'));
  EXPECT_FALSE(is_code_challenge(std::string(42, 'a') + 'b'));  // stray bits: no digest encodes to it
}

}  // namespace
}  // namespace symbolon::jose
