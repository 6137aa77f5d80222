#include "upstream/wire_options.h"

#include <gtest/gtest.h>

#include "upstream/sample_connection.h"

namespace symbolon::upstream {
namespace {

using model::Strategy;

TEST(WireOptions, FillsEndpointsThatWereNotGiven) {
  auto options = object_of(R"({"issuer":"https://example.com","token_endpoint":null,"jwks_uri":" "})");
  fill_from_metadata(options, object_of(kMetadata));
  EXPECT_EQ(options, object_of(R"({"issuer":"https://example.com","token_endpoint":"https://idp.example/token",
    "jwks_uri":"https://idp.example/jwks","authorization_endpoint":"https://idp.example/authorize",
    "userinfo_endpoint":"https://idp.example/userinfo"})"));
}

TEST(WireOptions, KeepsNullsThatNothingFills) {
  auto options = object_of(R"({"userinfo_endpoint":null})");
  fill_from_metadata(options, object_of(R"({"issuer":"https://idp.example","userinfo_endpoint":7})"));
  EXPECT_EQ(options, object_of(R"({"userinfo_endpoint":null,"issuer":"https://idp.example"})"));
}

TEST(WireOptions, AddsTheSwitchesThatMetadataAlwaysShows) {
  auto metadata = object_of(R"({"request_parameter_supported":true})");
  add_metadata_defaults(metadata);
  EXPECT_EQ(metadata, object_of(R"({"request_parameter_supported":true,"claims_parameter_supported":false,
    "request_uri_parameter_supported":false,"require_request_uri_registration":false})"));
}

TEST(WireOptions, NormalisesScopes) {
  struct Row {
    Strategy strategy;
    const char* options;
    const char* want;
  } const rows[] = {
      {Strategy::oidc, R"({"scopes":"openid profile"})", R"({"scopes":"openid profile","scope":"openid profile"})"},
      {Strategy::oidc, R"({"scopes":"openid, profile,email"})",
       R"({"scopes":"openid profile email","scope":"openid profile email"})"},
      {Strategy::oidc, R"({"scope":["email","openid","email"]})", R"({"scope":"email openid"})"},
      {Strategy::oidc, R"({"scope":"openid","scopes":"openid other"})", R"({"scope":"openid","scopes":"openid"})"},
      {Strategy::oidc, R"({"scope":"","scopes":"openid"})", R"({"scope":"openid","scopes":"openid"})"},
      {Strategy::oidc, R"({"a":1})", R"({"a":1})"},
      {Strategy::oidc, R"({"scope":null})", R"({"scope":null})"},
      {Strategy::oauth2, R"({"scope":["read","write"]})", R"({"scope":["read","write"]})"},
      {Strategy::oauth2, R"({"scope":"read,write"})", R"({"scope":"read,write"})"},
      {Strategy::oauth2, R"({"scopes":"read,write"})", R"({"scopes":"read write","scope":"read write"})"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.options);
    auto options = object_of(row.options);
    ASSERT_TRUE(normalise_scopes(row.strategy, options).has_value());
    EXPECT_EQ(options, object_of(row.want));
  }
}

TEST(WireOptions, RefusesScopesWithoutOpenid) {
  auto options = object_of(R"({"scope":"profile"})");
  const auto result = normalise_scopes(Strategy::oidc, options);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().member + " " + result.error().message, "options.scope must include openid");
  EXPECT_TRUE(normalise_scopes(Strategy::oauth2, options).has_value());
}

TEST(WireOptions, KnowsWhereToLook) {
  EXPECT_EQ(discovery_source(Strategy::oidc,
                             object_of(R"({"discovery_url":" https://a.example ","issuer":"https://b.example"})")),
            "https://a.example");
  EXPECT_EQ(discovery_source(Strategy::oidc, object_of(R"({"issuer":"https://b.example"})")), "https://b.example");
  EXPECT_EQ(discovery_source(Strategy::okta, object_of(R"({"domain":"o.okta.com","issuer":"https://b.example"})")),
            "https://o.okta.com");
  EXPECT_EQ(discovery_source(Strategy::oidc, object_of(R"({"discovery_url":7})")), "");
}

TEST(WireOptions, SplitsRequestedScopes) {
  EXPECT_EQ(split_requested_scopes("a, b c,\"d\" e\\f"), (std::vector<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace symbolon::upstream
