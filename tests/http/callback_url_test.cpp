#include "http/callback_url.h"

#include <gtest/gtest.h>

namespace symbolon::http {
namespace {

TEST(CallbackUrl, MayBeRegistered) {
  for (const char* callback :
       {"https://app.example.com/cb", "https://app.example.com/cb?x=1&y=2", "https://app.example.com:8443",
        "http://127.0.0.1/cb", "http://127.0.0.1:4000/cb", "http://[::1]/cb", "http://localhost:3000/cb",
        "com.example.app:/callback", "com.example.app://tenant.example.com/ios/callback", "https://*.example.com/cb",
        "https://pr-*-preview.apps.example.com/cb", "https://*.example.com:8443/cb"})
    EXPECT_EQ(find_callback_problem(callback, {}), std::nullopt) << callback;
}

TEST(CallbackUrl, T20RefusesWhatABrowserWouldRunOrWhatHasNoOwner) {
  for (const char* callback :
       {"javascript:alert(1)", "JavaScript://app.example.com/%0aalert(1)", "data:text/html,x", "vbscript:x",
        "file:///etc", "blob:https://app.example.com/1", "myapp://callback", "about:blank", "", "/cb",
        "//app.example.com/cb", "https://", "https://user@app.example.com/cb",
        "https://app.example.com\\@evil.example/cb", "https://app.example.com/cb#", "https://app.example.com/cb#x",
        "https://app example.com/cb"})
    EXPECT_NE(find_callback_problem(callback, {}), std::nullopt) << callback;
  EXPECT_NE(find_callback_problem("https://a.example.com/" + std::string(kMaxCallback, 'x'), {}), std::nullopt);
}

TEST(CallbackUrl, PlainHttpNeedsTheTenantsSwitch) {
  EXPECT_NE(find_callback_problem("http://app.example.com/cb", {}), std::nullopt);
  EXPECT_EQ(find_callback_problem("http://app.example.com/cb", {.allow_http = true}), std::nullopt);
}

TEST(CallbackUrl, T19AWildcardIsOneLabelOfANameOfSomebody) {
  for (const char* callback :
       {"https://*.com/cb", "https://*.co.uk/cb", "https://*.github.io/cb", "https://*.co.uk:8443/cb", "https://*/cb", "https://*", "https://*.*.example.com/cb", "https://a.*.example.com/cb",
        "https://**.example.com/cb", "https://*.example.com/*", "https://*.example.com:*/cb", "https://*.0.0.1/cb",
        "com.example.app://*.example.com/cb", "*://app.example.com/cb"})
    EXPECT_NE(find_callback_problem(callback, {}), std::nullopt) << callback;
  EXPECT_NE(find_callback_problem("https://*.example.com/cb", {.first_party = false}), std::nullopt);
}

}  // namespace
}  // namespace symbolon::http
