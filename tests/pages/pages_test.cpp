#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "pages/consent_page.h"
#include "pages/error_page.h"
#include "pages/first_contact_page.h"
#include "pages/login_page.h"
#include "pages/select_page.h"

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
  const LoginChoice choice{kHostile, std::string("https://x/") + kHostile, kHostile};
  const IdentifierForm form{kHostile, "", kHostile, kHostile, Text::identifier_unknown, kHostile};
  const LoginPage login{.client_name = kHostile,
                        .notice = Text::login_not_finished,
                        .reference = kHostile,
                        .identifier = form,
                        .choices = {choice}};
  const SelectPage select{kHostile, {choice}, kHostile};
  const AccountPage account{kHostile, kHostile, kHostile, kHostile, "", kHostile};
  const ConsentPage consent{kHostile, std::string("https://x/") + kHostile, kHostile, {kHostile}, kHostile, {kHostile},
                            kHostile, kHostile, ""};
  for (const std::string& body :
       {render(frame, error).body, render(frame, login).body, render(frame, select).body, render(frame, account).body,
        render(frame, consent).body,
        render_self_submitting(frame, kHostile, "", {{kHostile, kHostile}}).body})
    EXPECT_EQ(body.find("<script>alert"), std::string::npos);
}

TEST(Pages, NoPageMayBeFramedCachedOrRunForeignScripts) {
  const Frame frame;
  for (const http::Response& page : {render(frame, ErrorPage{}), render(frame, LoginPage{}), render(frame, SelectPage{}),
                                     render(frame, AccountPage{}), render(frame, ConsentPage{}),
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
  // Browsers follow the redirect after a form only to where the page allows.
  LoginPage login;
  login.identifier = IdentifierForm{.state = {}, .targets = "'self' https: http:"};
  EXPECT_TRUE(std::string(render(Frame{}, login).headers.get("Content-Security-Policy"))
                  .contains("form-action 'self' https: http:;"));
  ConsentPage consent;
  consent.form_targets = "'self' com.example.app:";
  EXPECT_TRUE(std::string(render(Frame{}, consent).headers.get("Content-Security-Policy"))
                  .contains("form-action 'self' com.example.app:;"));
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
  LoginPage page;
  page.choices = {{"Acme", "", "/u/login/start?connection=acme"}};
  Frame frame;
  EXPECT_TRUE(render(frame, page).body.contains("<span>Continue with Acme</span>"));
  frame.language = "fr";
  EXPECT_TRUE(render(frame, page).body.contains("<span>Continuer avec Acme</span>"));
}

TEST(Pages, TheTitleNamesTheTenantOnce) {
  Frame frame;
  frame.tenant_name = "Acme";
  EXPECT_TRUE(render(frame, LoginPage{}).body.contains("<title>Log in to Acme</title>"));
  EXPECT_TRUE(render(frame, SelectPage{}).body.contains("<title>Choose how to continue – Acme</title>"));
}

TEST(FirstContactPageText, LeadsToTheFieldThatIsWrong) {
  FirstContactPage page;
  page.may_create = true;
  page.editable = ContactProfile{};
  EXPECT_TRUE(render(Frame{}, page).body.contains("<title>You are new here</title>"));
  EXPECT_FALSE(render(Frame{}, page).body.contains("autofocus"));
  page.email_problem = ContactText::email_problem;
  const std::string body = render(Frame{}, page).body;
  EXPECT_TRUE(body.contains("<title>Error – You are new here</title>"));
  EXPECT_TRUE(body.contains("name=\"email\" type=\"email\" autocomplete=\"email\" maxlength=\"200\" autofocus"));
  page.text_problem = ContactText::text_problem;
  const std::string both = render(Frame{}, page).body;
  EXPECT_EQ(both.find("autofocus"), both.rfind("autofocus")) << "one field is the first";
}

TEST(LoginPageText, SaysWhatIsWrongAtTheFieldItself) {
  LoginPage page;
  page.identifier = IdentifierForm{};
  Frame frame;
  EXPECT_FALSE(render(frame, page).body.contains("aria-invalid"));
  page.identifier->problem = Text::identifier_unknown;
  page.identifier->problem_subject = "corp.example";
  const std::string body = render(frame, page).body;
  EXPECT_TRUE(body.contains("aria-invalid=\"true\" aria-describedby=\"problem\""));
  EXPECT_TRUE(body.contains("role=\"alert\">No sign-in method found for corp.example<"));
  EXPECT_TRUE(body.contains("autocomplete=\"username\""));
  EXPECT_TRUE(body.contains("<title>Error – Log in</title>"));
  EXPECT_TRUE(body.contains(" required autofocus "));
}

TEST(LoginPageText, AChoiceWithoutAnIconHasAGlyph) {
  LoginPage page;
  page.choices = {{"Plain", "http://cdn.example/i.png", "/x"}};
  EXPECT_FALSE(render(Frame{}, page).body.contains("<img"));
  EXPECT_TRUE(render(Frame{}, page).body.contains("<svg"));
  page.choices.front().icon_url = "https://cdn.example/i.png";
  EXPECT_TRUE(render(Frame{}, page).body.contains("width=\"20\" height=\"20\""));
}

TEST(ConsentPageText, ListsScopesAsSentencesAndGroupsThoseOfAnApi) {
  ConsentPage page;
  page.scopes = {"openid", "email", "custom"};
  page.api_name = "Orders";
  page.api_scopes = group_scopes({"read:orders", "write:orders", "admin", "read:invoices", ":odd", "odd:"});
  EXPECT_EQ(page.api_scopes,
            (std::vector<std::string>{"orders: read, write", "admin", "invoices: read", ":odd", "odd:"}));
  const std::string body = render(Frame{}, page).body;
  for (const char* line : {"Know who you are when you sign in", "See your email address", "<code>custom</code>",
                           "orders: read, write", "Orders"})
    EXPECT_TRUE(body.contains(line)) << line;
}

struct Choice {
  const char *ui_locales, *accept_language;
  std::vector<std::string> enabled;
  const char* chosen;
};

TEST(ChooseLanguage, AsksTheRequestThenTheBrowserThenTheTenant) {
  const Choice kChoices[] = {
      {"fr-CA en", "en", {}, "fr-CA"},
      {"de", "fr;q=0.9, en;q=0.8", {}, "fr"},
      {"", "de-DE, en-GB;q=0.5", {"fr", "en"}, "en"},
      {"", "de", {"fr"}, "fr"},
      {"", "", {"xx"}, "en"},
      {"", "", {}, "en"},
      {"", "fr-BE", {}, "fr"},
      // Weights order the list, wherever they stand in it; 0 is a refusal.
      {"", "en;q=0.2, fr;q=0.8", {}, "fr"},
      {"", "en;q=0.5,fr-CA;q=0.5", {}, "en"},
      {"", "fr;q=0, en;q=0.1", {"fr", "en"}, "en"},
      {"", "fr ; Q=0.3, en; q=0.4", {}, "en"},
      {"", "en;q=x, fr", {}, "en"},
      {"", ",;q=1,;,", {}, "en"},
      // What the tenant did not enable is not served, whoever asks for it.
      {"fr", "fr-CA", {"en"}, "en"},
      {"en", "en-GB", {"fr-CA"}, "fr-CA"},
      {"fr", "", {"en", "fr-CA"}, "fr-CA"},
      {"fr-CA", "", {"en", "fr"}, "fr"},
      {"fr-FR", "", {"de", "fr"}, "fr"},
  };
  for (const Choice& row : kChoices)
    EXPECT_EQ(choose_language(row.ui_locales, row.accept_language, row.enabled), row.chosen)
        << row.ui_locales << " | " << row.accept_language << " | " << row.enabled.size();
}

// WCAG 2.2, computed here without the code under test.
double contrast(int r, int g, int b, const std::string& ink) {
  const auto linear = [](int value) {
    const double share = value / 255.0;
    return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
  };
  const double light = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  return ink == "#000000" ? (light + 0.05) / 0.05 : 1.05 / (light + 0.05);
}

TEST(InkOn, ReadsWellOnEveryColour) {
  for (int r = 0; r <= 255; r += 15)
    for (int g = 0; g <= 255; g += 15)
      for (int b = 0; b <= 255; b += 15) {
        char color[8];
        std::snprintf(color, sizeof(color), "#%02x%02X%02x", r, g, b);
        ASSERT_GE(contrast(r, g, b, std::string(ink_on(color))), 4.5) << color;
      }
  EXPECT_EQ(ink_on("#f00"), ink_on("#ff0000"));
}

TEST(BrandColors, TakesColoursOnly) {
  EXPECT_TRUE(brand_colors("#000000", "").contains("--brand: #000000; --brand-ink: #ffffff"));
  EXPECT_TRUE(brand_colors("#fff", "").contains("--brand-ink: #000000"));
  EXPECT_EQ(brand_colors("red;} body{display:none", "url(x)"), "");
  // The page's colour is the day's: at night, the ink is light.
  EXPECT_EQ(brand_colors("", "#eee"), "@media (prefers-color-scheme: light) { body { background: #eee; } }\n");
}

}  // namespace
}  // namespace symbolon::pages
