#include "oidc/oauth_error.h"

#include <gtest/gtest.h>

namespace symbolon::oidc {
namespace {

using model::OAuthCode;

const http::Site kSite{TenantId("default"), "https://id.example.com", "id.example.com", true};

TEST(OAuthError, TheDetailNeverLeaves) {
  const auto response =
      render_token_error(kSite, {OAuthCode::invalid_grant, "Invalid authorization code", "PKCE mismatch"}, true);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"error":"invalid_grant","error_description":"Invalid authorization code"})");
  EXPECT_EQ(response.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(response.headers.get("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(response.headers.get("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(response.headers.get("Strict-Transport-Security"), "max-age=31536000");
  EXPECT_FALSE(response.headers.has("WWW-Authenticate"));
}

TEST(OAuthError, StatusesOfTheTokenEndpoint) {
  const std::pair<OAuthCode, int> kRows[] = {
      {OAuthCode::invalid_client, 401},         {OAuthCode::unauthorized_client, 403},
      {OAuthCode::access_denied, 403},          {OAuthCode::invalid_request, 400},
      {OAuthCode::invalid_scope, 400},          {OAuthCode::server_error, 500},
      {OAuthCode::unsupported_grant_type, 400}, {OAuthCode::temporarily_unavailable, 503},
  };
  for (const auto& [code, status] : kRows) EXPECT_EQ(http_status(code), status) << to_string(code);
}

TEST(OAuthError, BasicIsOfferedToWhoeverTriedIt) {
  const model::OAuthError error{OAuthCode::invalid_client, "client authentication failed", {}};
  EXPECT_TRUE(render_token_error(kSite, error, true).headers.get("WWW-Authenticate").starts_with("Basic "));
  EXPECT_FALSE(render_token_error(kSite, error, false).headers.has("WWW-Authenticate"));
}

TEST(OAuthError, BearerChallengeNamesTheErrorOnceATokenWasSent) {
  const model::OAuthError error{OAuthCode::insufficient_scope, "lacks \"openid\"", {}};
  EXPECT_EQ(render_bearer_error(kSite, error, false).headers.get("WWW-Authenticate"), "Bearer realm=\"userinfo\"");
  const auto response = render_bearer_error(kSite, error, true);
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.headers.get("WWW-Authenticate"),
            "Bearer realm=\"userinfo\", error=\"insufficient_scope\", error_description=\"lacks ?openid?\"");
  EXPECT_EQ(render_bearer_error(kSite, {OAuthCode::invalid_token, "x", {}}, true).status, 401);
}

TEST(OAuthError, NoHstsOnAPlainSite) {
  http::Site plain = kSite;
  plain.secure = false;
  EXPECT_FALSE(render_token_error(plain, {}, false).headers.has("Strict-Transport-Security"));
}

TEST(OAuthError, DescriptionsArePlainAscii) {
  EXPECT_EQ(for_description("a\"b\\c\r\nd\xC3\xA9"), "a?b?c??d??");
  EXPECT_EQ(for_description(std::string(300, 'x')).size(), 200u);
}

}  // namespace
}  // namespace symbolon::oidc
