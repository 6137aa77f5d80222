#include "oidc/authorization_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "support/counter_random.h"
#include "support/fake_clock.h"

namespace symbolon::oidc {
namespace {

using testing::HasSubstr;
using testing::Not;

const http::Site kSite{TenantId("default"), "https://id.example.com", "id.example.com", true};

const model::Tenant kTenant{.id = TenantId("default"),
                            .friendly_name = "Ministry",
                            .support_email = {},
                            .support_url = {},
                            .enabled_locales = {"fr", "en"}};

// A request as it came, and what a page needs that answers it.
struct Asked {
  explicit Asked(std::string accept_language = "en") {
    http.site = std::make_shared<const http::Site>(kSite);
    http.headers.set("Accept-Language", std::move(accept_language));
  }
  PageContext page(std::string reference = {}) { return {http, kTenant, recent_failures, std::move(reference)}; }

  FakeClock clock;
  CounterRandom random;
  login::RecentFailures recent_failures{clock, random};
  http::Request http;
};

model::Client client_with(std::string callback) {
  model::Client client;
  client.id = ClientId("web");
  client.callbacks = {std::move(callback)};
  return client;
}

http::Response render(const model::Client& client, std::string mode, const ResponseParameters& parameters,
                      bool after_post = false) {
  model::AuthorizationRequest request;
  request.client = client.id;
  request.response_mode = std::move(mode);
  const auto redirect = check_redirect_uri(client, client.callbacks.front());
  return render_authorization_response(Asked().page(), client, request, redirect.value(), parameters, after_post);
}

const ResponseParameters kSuccess{{"code", "c+1"}, {"state", "s&\"<1>"}, {"iss", "https://id.example.com/"}};

void expect_no_store(const http::Response& response) {
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(response.headers.get("Pragma"), "no-cache");
  EXPECT_EQ(response.headers.get("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(response.headers.get("X-Content-Type-Options"), "nosniff");
  EXPECT_TRUE(response.headers.has("Strict-Transport-Security"));
}

TEST(AuthorizationResponse, QueryIsAppendedToTheCallbacksOwn) {
  const auto response = render(client_with("https://app.example.com/cb?a=1"), "query", kSuccess);
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.headers.get("Location"),
            "https://app.example.com/cb?a=1&code=c%2B1&state=s%26%22%3C1%3E&iss=https%3A%2F%2Fid.example.com%2F");
  expect_no_store(response);
}

TEST(AuthorizationResponse, FragmentIsTheCallbacksOnlyOne) {
  const auto response = render(client_with("https://app.example.com/cb"), "fragment", kSuccess);
  EXPECT_EQ(response.headers.get("Location"),
            "https://app.example.com/cb#code=c%2B1&state=s%26%22%3C1%3E&iss=https%3A%2F%2Fid.example.com%2F");
  expect_no_store(response);
}

TEST(AuthorizationResponse, APostIsAnsweredSoThatTheBrowserDoesNotRepeatIt) {
  EXPECT_EQ(render(client_with("https://app.example.com/cb"), "query", kSuccess, true).status, 303);
  EXPECT_EQ(render(client_with("https://app.example.com/cb"), "fragment", kSuccess, true).status, 303);
}

TEST(AuthorizationResponse, FormPostIsEscapedAndGoesNowhereElse) {
  const auto response = render(client_with("https://app.example.com/cb?a=1&b=2"), "form_post", kSuccess);
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("action=\"https://app.example.com/cb?a=1&amp;b=2\""));
  EXPECT_THAT(response.body, HasSubstr("name=\"state\" value=\"s&amp;&quot;&lt;1&gt;\""));
  EXPECT_THAT(response.body, HasSubstr("<button"));
  const std::string policy(response.headers.get("Content-Security-Policy"));
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("script-src 'sha256-"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  EXPECT_THAT(policy, HasSubstr("https://app.example.com"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
  EXPECT_EQ(response.headers.get("X-Frame-Options"), "DENY");
  expect_no_store(response);
}

TEST(AuthorizationResponse, T20FormPostToAPrivateUseSchemeNamesTheScheme) {
  const auto response = render(client_with("com.example.app:/cb"), "form_post", kSuccess);
  EXPECT_THAT(std::string(response.headers.get("Content-Security-Policy")), HasSubstr(" com.example.app:"));
}

std::string script_of(const http::Response& response) {
  const auto from = response.body.find("<script>") + 8;
  return response.body.substr(from, response.body.find("</script>") - from);
}

TEST(AuthorizationResponse, WebMessageGoesToTheOriginOfTheCallbackOnly) {
  auto client = client_with("https://app.example.com/cb");
  client.web_origins = {"https://other.example.com", "https://app.example.com"};
  const auto response = render(client, "web_message",
                               {{"access_token", "t"}, {"expires_in", "7200"}, {"state", "</script><b>\xE2\x80\xA8&"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(
      script_of(response),
      "(window.opener||window.parent).postMessage({\"type\":\"authorization_response\",\"response\":"
      "{\"access_token\":\"t\",\"expires_in\":7200,\"state\":\"\\u003c/script\\u003e\\u003cb\\u003e\\u2028\\u0026\"}},"
      "\"https://app.example.com\");");
  const std::string policy(response.headers.get("Content-Security-Policy"));
  EXPECT_THAT(policy, HasSubstr("script-src 'sha256-" + base64_encode(crypto::sha256(script_of(response))) + "'"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors https://app.example.com https://other.example.com"));
  EXPECT_FALSE(response.headers.has("X-Frame-Options"));
  EXPECT_FALSE(response.headers.has("Cross-Origin-Opener-Policy"));
  expect_no_store(response);
}

TEST(AuthorizationResponse, WebMessageToAnUnregisteredOriginSaysNothing) {
  auto client = client_with("https://app.example.com/cb");
  client.first_party = false;
  client.web_origins = {"https://app.example.com.evil.example", "https://app.example.com:8443"};
  const auto response = render(client, "web_message", {{"code", "the-code"}});
  EXPECT_EQ(response.status, 403);
  EXPECT_THAT(response.body, Not(HasSubstr("postMessage")));
  EXPECT_THAT(response.body, Not(HasSubstr("the-code")));
  EXPECT_EQ(response.headers.get("X-Frame-Options"), "DENY");

  client.web_origins = {"https://app.example.com"};
  EXPECT_EQ(render(client, "web_message", {{"code", "c"}}).status, 200);
}

TEST(AuthorizationResponse, NoWebMessageForAPrivateUseScheme) {
  EXPECT_EQ(render(client_with("com.example.app:/cb"), "web_message", {{"code", "the-code"}}).status, 403);
}

TEST(AuthorizationResponse, AMismatchIsAPageWithoutALocation) {
  model::AuthorizationRequest request;
  request.client = ClientId("web");
  Asked asked;
  const auto response =
      render_callback_mismatch(asked.page("K7QF-2M9X"), request, RedirectError::not_registered);
  EXPECT_EQ(response.status, 403);
  EXPECT_FALSE(response.headers.has("Location"));
  EXPECT_THAT(response.body, HasSubstr("Callback URL mismatch"));
  EXPECT_THAT(response.body, HasSubstr("K7QF-2M9X"));
  EXPECT_THAT(response.body, HasSubstr("unauthorized_client"));
  EXPECT_FALSE(asked.recent_failures.find(TenantId("default"), "K7QF-2M9X")) << "explained elsewhere";
}

TEST(AuthorizationResponse, APageSpeaksTheReadersLanguageAndHasAReferenceThatFindsIt) {
  model::AuthorizationRequest request;
  request.client = ClientId("web");
  request.redirect_uri = "https://evil.example/";
  Asked asked("fr-CA");
  const auto response = render_callback_mismatch(asked.page(), request, RedirectError::not_registered);
  EXPECT_THAT(response.body, HasSubstr("<html lang=\"fr\">"));
  EXPECT_THAT(response.body, HasSubstr("Ministry"));
  const auto begin = response.body.find("id=\"reference\">") + 15;
  const auto event = asked.recent_failures.find(TenantId("default"), response.body.substr(begin, 9));
  ASSERT_TRUE(event);
  EXPECT_THAT(event->details, HasSubstr("\"rule\":\"E2\""));
  EXPECT_THAT(event->details, HasSubstr("https://evil.example/"));
  request.ui_locales = "en";
  EXPECT_THAT(render_callback_mismatch(asked.page(), request, RedirectError::not_registered).body,
              HasSubstr("<html lang=\"en\">"));
}

}  // namespace
}  // namespace symbolon::oidc
