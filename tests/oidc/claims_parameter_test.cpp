#include "oidc/claims_parameter.h"

#include <gtest/gtest.h>

namespace symbolon::oidc {
namespace {

using Names = std::vector<std::string>;

TEST(ClaimsParameter, ReadsEveryWayToAsk) {
  const auto parsed = parse_claims_parameter(
      R"({"userinfo":{"given_name":{"essential":true},"nickname":null,"email":{"essential":false},"address":{}},
          "id_token":{"auth_time":{"essential":true},"email_verified":{"value":true},"locale":{"values":["fr","en"]}},
          "later":{"anything":["goes"]}})");
  ASSERT_TRUE(parsed) << parsed.error();
  EXPECT_EQ(parsed->claims.userinfo, (Names{"given_name", "nickname", "email", "address"}));
  EXPECT_EQ(parsed->claims.id_token, (Names{"email_verified", "locale"}));
  EXPECT_FALSE(parsed->subjects);
  EXPECT_TRUE(parsed->required_acr.empty());
}

TEST(ClaimsParameter, GivesNothingThatNoScopeCouldGive) {
  const auto parsed = parse_claims_parameter(
      R"({"id_token":{"app_metadata":null,"user_metadata":null,"identities":null,"created_at":null,"groups":null,
          "iss":null,"aud":{"value":"other"},"exp":null,"sid":null,"name#fr":null,"":null,"https://ns/x":null}})");
  ASSERT_TRUE(parsed) << parsed.error();
  EXPECT_TRUE(parsed->claims.empty());
}

TEST(ClaimsParameter, AValueOfSubNamesThePerson) {
  const auto subjects = [](std::string_view text) { return parse_claims_parameter(text).value().subjects; };
  EXPECT_EQ(subjects(R"({"id_token":{"sub":{"value":"oidc|a|1"}}})"), Names{"oidc|a|1"});
  EXPECT_EQ(subjects(R"({"userinfo":{"sub":{"value":"oidc|a|1"}}})"), Names{"oidc|a|1"});
  EXPECT_EQ(subjects(R"({"id_token":{"sub":{"values":["a","b"]}},"userinfo":{"sub":{"value":"b"}}})"), Names{"b"});
  EXPECT_EQ(subjects(R"({"id_token":{"sub":{"value":"a"}},"userinfo":{"sub":{"value":"b"}}})"), Names());
  EXPECT_FALSE(subjects(R"({"id_token":{"sub":null}})"));
  EXPECT_FALSE(subjects(R"({"id_token":{"sub":{"essential":true}}})"));
}

TEST(ClaimsParameter, OnlyAnEssentialAcrWithValuesIsRequired) {
  const auto required = parse_claims_parameter(R"({"id_token":{"acr":{"essential":true,"values":["gold","mfa"]}}})");
  EXPECT_EQ(required->required_acr, (Names{"gold", "mfa"}));
  EXPECT_TRUE(required->wished_acr.empty());
  const auto wished = parse_claims_parameter(R"({"id_token":{"acr":{"value":"gold"}}})");
  EXPECT_EQ(wished->wished_acr, Names{"gold"});
  EXPECT_TRUE(wished->required_acr.empty());
  for (const char* text : {R"({"id_token":{"acr":{"essential":true}}})", R"({"id_token":{"acr":null}})",
                           R"({"userinfo":{"acr":{"essential":true,"value":"gold"}}})"}) {
    const auto neither = parse_claims_parameter(text);
    EXPECT_TRUE(neither->required_acr.empty() && neither->wished_acr.empty()) << text;
  }
}

TEST(ClaimsParameter, RefusesWhatIsMalformed) {
  const std::pair<std::string, const char*> rows[] = {
      {"", "claims is not a JSON object"},
      {"[]", "claims is not a JSON object"},
      {"{", "claims is not a JSON object"},
      {R"({"id_token":{},"id_token":{}})", "claims is not a JSON object: duplicate"},
      {R"({"id_token":{"email":null,"email":null}})", "claims is not a JSON object: duplicate"},
      {R"({"id_token":{"a":)" + std::string(20, '[') + std::string(20, ']') + "}}", "claims is not a JSON object"},
      {R"({"x":")" + std::string(kMaxClaimsBytes, 'x') + "\"}", "claims is not a JSON object"},
      {R"({"id_token":[]})", "claims has a member id_token that is no object"},
      {R"({"userinfo":null})", "claims has a member userinfo that is no object"},
      {R"({"userinfo":{"email":true}})", "claims asks for a claim with something else than null or an object"},
      {R"({"userinfo":{"unknown":"x"}})", "claims asks for a claim with something else than null or an object"},
      {R"({"userinfo":{"email":{"essential":"true"}}})", "claims has an essential that is neither true nor false"},
      {R"({"userinfo":{"email":{"essential":null}}})", "claims has an essential that is neither true nor false"},
      {R"({"userinfo":{"email":{"values":"x"}}})", "claims has values that are no list, or an empty one"},
      {R"({"userinfo":{"email":{"values":[]}}})", "claims has values that are no list, or an empty one"},
      {R"({"id_token":{"sub":{"value":7}}})", "claims has a value for sub that is no text"},
      {R"({"id_token":{"sub":{"value":null}}})", "claims has a value for sub that is no text"},
      {R"({"id_token":{"acr":{"essential":true,"values":["gold",1]}}})", "claims has a value for acr that is no text"},
  };
  for (const auto& [text, want] : rows) {
    const auto parsed = parse_claims_parameter(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_TRUE(parsed.error().starts_with(want)) << text << ": " << parsed.error();
  }
}

}  // namespace
}  // namespace symbolon::oidc
