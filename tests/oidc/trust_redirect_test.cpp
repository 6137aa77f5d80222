#include <gtest/gtest.h>

#include "oidc/authorize_sample.h"

// What is judged before the callback is trusted: every refusal is a page.
namespace symbolon::oidc {
namespace {

using model::OAuthCode;

PageRefusal refusal_of(const Sample& sample) {
  const auto parameters = sample.parsed();
  const auto redirect = trust_redirect(parameters, sample.client);
  if (redirect) throw std::logic_error("was trusted");
  return redirect.error();
}

TEST(TrustRedirect, E1AnUnknownClientGetsAPage) {
  Sample sample;
  sample.drop("client_id");
  EXPECT_EQ(refusal_of(sample).status, 400);
  const auto unknown = trust_redirect(Sample().parsed(), std::nullopt);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().status, 400);
  EXPECT_EQ(unknown.error().error.code, OAuthCode::invalid_request);
  EXPECT_FALSE(unknown.error().callback_mismatch);
}

TEST(TrustRedirect, TheGlobalClientIsNobody) {
  Sample sample;
  sample.client.global = true;
  EXPECT_EQ(refusal_of(sample).status, 400);
}

TEST(TrustRedirect, E2AForeignRedirectGetsAPage) {
  Sample sample;
  sample.set("redirect_uri", "https://evil.example/cb");
  const auto refusal = refusal_of(sample);
  EXPECT_EQ(refusal.status, 403);
  EXPECT_EQ(refusal.error.code, OAuthCode::unauthorized_client);
  EXPECT_TRUE(refusal.callback_mismatch);
}

TEST(TrustRedirect, AmbiguityAboutWhoAndWhereGetsAPage) {
  Sample twice;
  twice.parameters.emplace_back("redirect_uri", "https://app.example.com/cb");
  EXPECT_EQ(refusal_of(twice).status, 400);
  Sample two_clients;
  two_clients.parameters.emplace_back("client_id", "web");
  EXPECT_EQ(refusal_of(two_clients).status, 400);
}

TEST(TrustRedirect, TheSoleCallbackStandsIn) {
  Sample sample;
  sample.drop("redirect_uri");
  const auto [error, request] = judge(sample);
  ASSERT_FALSE(error);
  EXPECT_EQ(request.redirect_uri, "https://app.example.com/cb");
  EXPECT_FALSE(request.redirect_uri_was_sent);
  sample.client.callbacks.push_back("https://app.example.com/cb2");
  EXPECT_EQ(refusal_of(sample).status, 403);
  EXPECT_EQ(refusal_of(sample).error.code, OAuthCode::invalid_request) << "AZ-3";
}

TEST(ParseAuthorizeParameters, ReadsQueryOrPostedFormWithinLimits) {
  http::Request get;
  get.query = "client_id=a&state=";
  EXPECT_EQ(parse_authorize_parameters(get)->form.get("client_id"), "a");
  EXPECT_FALSE(parse_authorize_parameters(get)->form.has("state"));
  get.query = "x=" + std::string(16 * 1024, 'y');
  EXPECT_EQ(parse_authorize_parameters(get).error().status, 400);
  get.query = "client_id=%zz";
  EXPECT_EQ(parse_authorize_parameters(get).error().status, 400);

  http::Request post;
  post.method = http::Method::post;
  post.query = "client_id=from-query";
  post.body = "client_id=from-body";
  EXPECT_FALSE(parse_authorize_parameters(post));
  post.headers.set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  EXPECT_EQ(parse_authorize_parameters(post)->form.get("client_id"), "from-body");
  post.body = "x=" + std::string(64 * 1024, 'y');
  EXPECT_FALSE(parse_authorize_parameters(post));
}

}  // namespace
}  // namespace symbolon::oidc
