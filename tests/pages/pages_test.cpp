#include <gtest/gtest.h>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "pages/error_page.h"
#include "pages/login_page.h"

namespace symbolon::pages {
namespace {

constexpr const char* kHostile = "\"><script>alert(1)</script>&'";

TEST(Html, EscapesEverythingThatIsNotALiteral) {
  Html html;
  html << Markup("<a href=\"") << std::string(kHostile) << Markup("\">");
  EXPECT_EQ(html.take(), "<a href=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&#39;\">");
}

TEST(Pages, HostileTextReachesNoPageAsMarkup) {
  Frame frame;
  frame.tenant_name = frame.support_email = kHostile;
  ErrorPage error;
  error.description = error.error = error.reference = error.client_id = error.connection = kHostile;
  error.continue_url = kHostile;
  LoginPage login{kHostile, {{kHostile, std::string("https://x/") + kHostile, kHostile}}};
  for (const std::string& body :
       {render(frame, error).body, render(frame, login).body,
        render_self_submitting(frame, kHostile, "", {{kHostile, kHostile}}).body})
    EXPECT_EQ(body.find("<script>alert"), std::string::npos);
}

TEST(Pages, NoPageMayBeFramedCachedOrRunForeignScripts) {
  const Frame frame;
  for (const http::Response& page : {render(frame, ErrorPage{}), render(frame, LoginPage{}),
                                     render_self_submitting(frame, "/x", "https://app.example", {})}) {
    const std::string policy(page.headers.get("Content-Security-Policy"));
    EXPECT_TRUE(policy.contains("default-src 'none'")) << policy;
    EXPECT_TRUE(policy.contains("frame-ancestors 'none'")) << policy;
    EXPECT_FALSE(policy.contains("unsafe-inline")) << policy;
    EXPECT_EQ(page.headers.get("X-Frame-Options"), "DENY");
    EXPECT_EQ(page.headers.get("Cache-Control"), "no-store");
    EXPECT_EQ(page.headers.get("Referrer-Policy"), "no-referrer");
  }
}

TEST(Pages, TheHashInThePolicyIsTheScriptsOwn) {
  const http::Response page = render_self_submitting(Frame{}, "/x", "https://app.example", {});
  const auto begin = page.body.find("<script>") + 8;
  const std::string script = page.body.substr(begin, page.body.find("</script>") - begin);
  const std::string hash = "'sha256-" + base64_encode(crypto::sha256(script)) + "'";
  EXPECT_TRUE(std::string(page.headers.get("Content-Security-Policy")).contains(hash));
}

TEST(Pages, FormsMayOnlyLeadWhereTheyShould) {
  EXPECT_TRUE(std::string(render_self_submitting(Frame{}, "/x", "https://app.example", {})
                              .headers.get("Content-Security-Policy"))
                  .contains("form-action https://app.example;"));
  EXPECT_TRUE(std::string(render(Frame{}, LoginPage{}).headers.get("Content-Security-Policy"))
                  .contains("form-action 'self';"));
}

TEST(ErrorPageText, ShowsTheReferenceInThePersonsLanguage) {
  ErrorPage page;
  page.reference = "K7QF-2M9X";
  Frame frame;
  EXPECT_TRUE(render(frame, page).body.contains("<code id=\"reference\">K7QF-2M9X</code>"));
  EXPECT_TRUE(render(frame, page).body.contains("Reference"));
  frame.language = "fr-CA";
  EXPECT_TRUE(render(frame, page).body.contains("Référence"));
}

TEST(LoginPageText, NamesEachChoice) {
  const LoginPage page{"Shop", {{"Acme", "", "/authorize?connection=acme"}}};
  Frame frame;
  EXPECT_TRUE(render(frame, page).body.contains("<span>Continue with Acme</span>"));
  frame.language = "fr";
  EXPECT_TRUE(render(frame, page).body.contains("<span>Continuer avec Acme</span>"));
}

TEST(ChooseLanguage, AsksTheRequestThenTheBrowserThenTheTenant) {
  EXPECT_EQ(choose_language("fr-CA en", "en", "en"), "fr-CA");
  EXPECT_EQ(choose_language("de", "fr;q=0.9, en;q=0.8", "en"), "fr");
  EXPECT_EQ(choose_language("", "de-DE, en-GB;q=0.5", "fr"), "en");
  EXPECT_EQ(choose_language("", "de", "fr"), "fr");
  EXPECT_EQ(choose_language("", "", "xx"), "en");
}

TEST(BrandColors, TakesColoursOnly) {
  EXPECT_TRUE(brand_colors("#000000", "").contains("--brand: #000000; --brand-ink: #ffffff"));
  EXPECT_TRUE(brand_colors("#fff", "").contains("--brand-ink: #000000"));
  EXPECT_EQ(brand_colors("red;} body{display:none", "url(x)"), "");
}

}  // namespace
}  // namespace symbolon::pages
