#include "pages/texts.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "pages/first_contact_texts.h"
#include "pages/refusal_texts.h"
#include "pages/try_texts.h"

namespace symbolon::pages {
namespace {

// Names and units that are the same word in both.
const std::set<std::string_view> kSameInBoth{"PKCE", "Userinfo", "ms"};

template <class Name>
class Texts : public testing::Test {};
using AllNames = testing::Types<Text, TryText, RefusalText, ContactText>;
TYPED_TEST_SUITE(Texts, AllNames);

TYPED_TEST(Texts, AreThereInBothLanguages) {
  int seen = 0;
  try {
    for (;; ++seen) {
      const auto name = static_cast<TypeParam>(seen);
      const std::string_view english = text("en", name);
      EXPECT_FALSE(english.empty()) << seen;
      EXPECT_FALSE(text("fr", name).empty()) << seen << " " << english;
      EXPECT_EQ(text("fr-CA", name), text("fr", name));
      // A mark that French sets off by a space must not begin a line.
      for (const char* torn : {" :", " ;", " ?", " !"}) EXPECT_FALSE(text("fr", name).contains(torn)) << text("fr", name);
      EXPECT_TRUE(text("fr", name) != english || kSameInBoth.contains(english)) << english;
    }
  } catch (const std::logic_error&) {  // past the last name
  }
  EXPECT_GT(seen, 10);
}

}  // namespace
}  // namespace symbolon::pages
