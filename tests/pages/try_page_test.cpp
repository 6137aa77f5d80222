#include "pages/try_page.h"

#include <gtest/gtest.h>

namespace symbolon::pages {
namespace {

constexpr const char* kHostile = "\"><script>alert(1)</script>&'";

TEST(TryPage, HostileTextReachesItAsText) {
  TryPage page;
  page.facts = {{TryText::received, kHostile}};
  page.warnings = {kHostile};
  page.mapping = {{kHostile, kHostile, kHostile, kHostile}};
  page.documents = {{TryText::claims, kHostile}};
  page.calls = {{kHostile, kHostile, kHostile, kHostile, kHostile}};
  page.reference = kHostile;
  const std::string body = render({}, page).body;
  EXPECT_EQ(body.find("<script"), std::string::npos);
  std::size_t shown = 0;
  for (std::size_t at = body.find("&lt;script"); at != std::string::npos; at = body.find("&lt;script", at + 1)) ++shown;
  EXPECT_EQ(shown, 13U) << body;
}

TEST(TryPage, LeavesOutWhatIsEmpty) {
  TryPage page;
  page.facts = {{TryText::scope_granted, ""}, {TryText::connection, "acme"}};
  page.documents = {{TryText::userinfo, ""}};
  const std::string body = render({}, page).body;
  EXPECT_NE(body.find("acme"), std::string::npos);
  for (const char* absent : {"Scopes granted", "Userinfo", "Warnings", "Calls to the provider", "id=\"reference\""})
    EXPECT_EQ(body.find(absent), std::string::npos) << absent;
}

TEST(TryPage, SaysInBothLanguagesHowItEnded) {
  TryPage page;
  EXPECT_EQ(render({}, page).status, 400);
  page.worked = true;
  const http::Response english = render({}, page);
  EXPECT_EQ(english.status, 200);
  EXPECT_NE(english.body.find("It Works!"), std::string::npos);
  Frame frame;
  frame.language = "fr";
  EXPECT_NE(render(frame, page).body.find("Ça fonctionne\u00a0!"), std::string::npos);
}

}  // namespace
}  // namespace symbolon::pages
