#include "oidc/redirect_uri.h"

#include <gtest/gtest.h>

namespace symbolon::oidc {
namespace {

model::Client client_with(std::vector<std::string> callbacks, std::string app_type = "regular_web") {
  model::Client client;
  client.id = ClientId("client");
  client.app_type = std::move(app_type);
  client.callbacks = std::move(callbacks);
  return client;
}

TEST(RedirectUri, TakesARegisteredCallbackAndKeepsItsBytes) {
  const auto client = client_with({"https://App.Example.com:8443/cb?a=%7E&b=1"});
  const auto redirect = check_redirect_uri(client, "HTTPS://app.example.COM:8443/cb?a=%7E&b=1");
  ASSERT_TRUE(redirect);
  EXPECT_EQ(redirect->uri(), "HTTPS://app.example.COM:8443/cb?a=%7E&b=1");
  EXPECT_EQ(redirect->origin(), "https://app.example.com:8443");
  EXPECT_TRUE(redirect->is_web());
}

TEST(RedirectUri, TakesAPrivateUseScheme) {
  const auto redirect = check_redirect_uri(client_with({"com.example.app:/cb"}, "native"), "com.example.app:/cb");
  ASSERT_TRUE(redirect);
  EXPECT_EQ(redirect->origin(), "com.example.app:");
  EXPECT_FALSE(redirect->is_web());
}

// Every string that opened another server, applied to a client with one ordinary callback.
TEST(RedirectUri, T18RefusesWhatIsNotTheRegisteredBytes) {
  const auto client = client_with({"https://app.example.com/cb"});
  ASSERT_TRUE(check_redirect_uri(client, "https://app.example.com/cb"));
  for (const char* requested : {
           "https://app.example.com/cb/",
           "https://app.example.com/CB",
           "https://app.example.com/cb?",
           "https://app.example.com/cb?x=1",
           "https://app.example.com/cb/../cb",
           "https://app.example.com/cb/..;/x",
           "https://app.example.com/x/..;/cb",
           "https://app.example.com/cb;x",
           "https://app.example.com/cb%2f",
           "https://app.example.com/%63b",
           "https://app.example.com/cb%00",
           "https://app.example.com/./cb",
           "https://app.example.com//cb",
           "https://app.example.com/cb%2e",
           "https://app.example.com:443/cb",
           "https://app.example.com:8443/cb",
           "http://app.example.com/cb",
           "https://app.example.com./cb",
           "https://www.app.example.com/cb",
           "https://app.example.com.evil.example/cb",
           "https://evil.example/cb",
           "https://evil.example/https://app.example.com/cb",
           "https://app.example.com@evil.example/cb",
           "https://a@b@app.example.com/cb",
           "https://evil.example@app.example.com/cb",
           "https://app.example.com:x@evil.example/cb",
           "https://app.example.com\\@evil.example/cb",
           "https://evil.example\\@app.example.com/cb",
           "https://evil.example%2f@app.example.com/cb",
           "https://evil.example%00@app.example.com/cb",
           "https://app.example.com%2eevil.example/cb",
           "https:app.example.com/cb",
           "https:/app.example.com/cb",
           "https:///app.example.com/cb",
           "https:\\\\app.example.com\\cb",
           "//app.example.com/cb",
           "/cb",
           "app.example.com/cb",
           "https://app.example.com\t/cb",
           "https://app.example.com/cb\n",
           " https://app.example.com/cb",
           "https://app.example.com/cb ",
           "https://app.example.com/\r\nLocation: x",
           "https://[::ffff:1.2.3.4]/cb",
           "https://\xef\xbd\x81pp.example.com/cb",
           "https://app.example.com\xe3\x80\x82/cb",
           "https://app%E3%80%82example.com/cb",
           "https://*.example.com/cb",
       })
    EXPECT_FALSE(check_redirect_uri(client, requested)) << requested;
}

TEST(RedirectUri, T20NeverUsesASchemeThatBrowsersRunEvenIfRegistered) {
  for (const char* uri : {"javascript:/alert(1)", "javascript://app.example.com/%0aalert(1)", "data://text/html",
                          "vbscript:/x", "file:///etc/passwd", "blob:/x", "view-source:/x", "myapp:/cb"}) {
    const auto redirect = check_redirect_uri(client_with({uri}, "native"), uri);
    ASSERT_FALSE(redirect) << uri;
  }
  EXPECT_EQ(check_redirect_uri(client_with({"javascript:/alert(1)"}), "javascript:/alert(1)").error(),
            RedirectError::forbidden_scheme);
}

TEST(RedirectUri, RefusesAFragmentOnEitherSide) {
  EXPECT_EQ(check_redirect_uri(client_with({"https://a.example.com/cb"}), "https://a.example.com/cb#x").error(),
            RedirectError::fragment);
  EXPECT_EQ(check_redirect_uri(client_with({"https://a.example.com/cb#x"}), "https://a.example.com/cb#x").error(),
            RedirectError::fragment);
  EXPECT_FALSE(check_redirect_uri(client_with({"https://a.example.com/cb#x"}), "https://a.example.com/cb"));
}

TEST(RedirectUri, T19ADotAndAStarArePlainCharacters) {
  EXPECT_FALSE(check_redirect_uri(client_with({"https://app.example.com/cb"}), "https://appXexample.com/cb"));
  EXPECT_FALSE(check_redirect_uri(client_with({"https://app.example.com/.*"}), "https://app.example.com/cb"));
  EXPECT_FALSE(check_redirect_uri(client_with({"https://app.example.com/*"}), "https://app.example.com/cb"));
  EXPECT_TRUE(check_redirect_uri(client_with({"https://app.example.com/*"}), "https://app.example.com/*"));
  EXPECT_FALSE(check_redirect_uri(client_with({".*"}), "https://app.example.com/cb"));
}

TEST(RedirectUri, AWildcardStandsForOneLabel) {
  const auto client = client_with({"https://pr-*-web.Example.com:8443/cb"});
  for (const char* requested : {"https://pr-1-web.example.com:8443/cb", "https://PR-a-b-web.example.com:8443/cb"})
    EXPECT_TRUE(check_redirect_uri(client, requested)) << requested;
  for (const char* requested :
       {"https://pr--web.example.com:8443/cb", "https://pr-web.example.com:8443/cb",
        "https://pr-1.x-web.example.com:8443/cb", "https://pr-1-web.evil.com:8443/cb",
        "https://pr-1-web.example.com/cb", "https://pr-1-web.example.com:8443/cb2",
        "http://pr-1-web.example.com:8443/cb", "https://pr-1-web.example.com:8443@evil.example/cb",
        "https://pr-%2e-web.example.com:8443/cb", "https://pr-*-web.example.com:8443/cb",
        "https://pr-evil.example/-web.example.com:8443/cb", "https://pr-evil.example?-web.example.com:8443/cb",
        "https://pr-1-web.example.com:8443.evil.example/cb"})
    EXPECT_FALSE(check_redirect_uri(client, requested)) << requested;
}

TEST(RedirectUri, AWildcardIsNotForThirdPartiesNorForWholeDomains) {
  auto client = client_with({"https://*.example.com/cb"});
  EXPECT_TRUE(check_redirect_uri(client, "https://a.example.com/cb"));
  client.first_party = false;
  EXPECT_FALSE(check_redirect_uri(client, "https://a.example.com/cb"));
  EXPECT_FALSE(check_redirect_uri(client_with({"https://*.com/cb"}), "https://evil.com/cb"));
  EXPECT_FALSE(check_redirect_uri(client_with({"https://*/cb"}), "https://evil.com/cb"));
  EXPECT_FALSE(
      check_redirect_uri(client_with({"com.example.app://*.example.com/cb"}), "com.example.app://a.example.com/cb"));
}

TEST(RedirectUri, T22OnlyThePortOfANativeClientsLoopbackMayDiffer) {
  const auto client = client_with({"http://127.0.0.1/cb", "http://[::1]:1/cb", "https://app.example.com/cb"}, "native");
  for (const char* requested :
       {"http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", "http://[::1]/cb", "http://[::1]:51004/cb"})
    EXPECT_TRUE(check_redirect_uri(client, requested)) << requested;
  for (const char* requested :
       {"http://localhost:51004/cb", "http://127.0.0.2:51004/cb", "http://127.1:51004/cb", "http://2130706433/cb",
        "http://0x7f.0.0.1/cb", "http://127.0.0.1:51004/cb2", "http://127.0.0.1:51004/cb?x=1",
        "https://127.0.0.1:51004/cb", "http://127.0.0.1:0/cb", "http://127.0.0.1:65536/cb", "http://127.0.0.1:/cb",
        "http://127.0.0.1:80@evil.example/cb", "http://127.0.0.1.evil.example/cb", "http://[::ffff:127.0.0.1]/cb",
        "http://0.0.0.0:51004/cb", "https://app.example.com:8443/cb"})
    EXPECT_FALSE(check_redirect_uri(client, requested)) << requested;
}

TEST(RedirectUri, LocalhostVariesOnlyWhenItIsRegistered) {
  EXPECT_TRUE(check_redirect_uri(client_with({"http://localhost:3000/cb"}, "native"), "http://localhost:51004/cb"));
  EXPECT_FALSE(check_redirect_uri(client_with({"http://localhost:3000/cb"}, "native"), "http://127.0.0.1:51004/cb"));
}

TEST(RedirectUri, T22AClientThatIsNotNativeHasNoVaryingPort) {
  for (const char* app_type : {"regular_web", "spa", ""}) {
    const auto client = client_with({"http://127.0.0.1:3000/cb"}, app_type);
    EXPECT_TRUE(check_redirect_uri(client, "http://127.0.0.1:3000/cb"));
    EXPECT_FALSE(check_redirect_uri(client, "http://127.0.0.1:3001/cb")) << app_type;
  }
}

TEST(RedirectUri, TheOnlyCallbackStandsInWhenNoneIsSent) {
  EXPECT_EQ(sole_callback(client_with({"https://a.example.com/cb"})), "https://a.example.com/cb");
  EXPECT_EQ(sole_callback(client_with({})), std::nullopt);
  EXPECT_EQ(sole_callback(client_with({"https://a.example.com/cb", "https://b.example.com/cb"})), std::nullopt);
  EXPECT_EQ(sole_callback(client_with({"https://*.example.com/cb"})), std::nullopt);
  EXPECT_EQ(check_redirect_uri(client_with({"https://a.example.com/cb"}), "").error(), RedirectError::missing);
}

TEST(RedirectUri, RefusesAVeryLongOne) {
  const std::string uri = "https://a.example.com/" + std::string(2048, 'x');
  EXPECT_EQ(check_redirect_uri(client_with({uri}), uri).error(), RedirectError::malformed);
}

}  // namespace
}  // namespace symbolon::oidc
