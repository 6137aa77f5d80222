#include "login/first_contact.h"

#include <gtest/gtest.h>

#include <array>

namespace symbolon::login {
namespace {

using model::AutoLinking;
using Step = FirstContactStep;

constexpr std::array<AutoLinking, 3> kAutoLinkings{AutoLinking::unspecified, AutoLinking::username,
                                                   AutoLinking::email};
constexpr std::array<AccountMatch, 3> kMatches{AccountMatch::none, AccountMatch::one, AccountMatch::several};

// The rows of zitadel-idps §6.9, written down a second time as the table stands there.
int row_of(const FirstContactFacts& facts) {
  const auto& options = facts.options;
  if (facts.known) return 1;
  if (options.auto_linking != AutoLinking::unspecified && facts.match == AccountMatch::one) return 2;
  if (options.auto_creation && facts.profile_complete) return 5;
  if (options.auto_creation) return options.creation_allowed ? 61 : options.linking_allowed ? 62 : 63;
  if (options.creation_allowed) return options.linking_allowed ? 7 : 8;
  return options.linking_allowed ? 9 : 10;
}

FirstContactDecision wanted(const FirstContactFacts& facts) {
  const auto& options = facts.options;
  switch (row_of(facts)) {
    case 1: return {.step = Step::sign_in};
    case 2:
      if (facts.match_is_safe) return {.step = Step::link};
      return {.step = Step::propose,
              .may_create = options.creation_allowed || (options.auto_creation && facts.profile_complete),
              .may_edit = options.creation_allowed,
              .may_link = true};
    case 5: return {.step = Step::create};
    case 61: return {Step::ask, true, true, options.linking_allowed, true};
    case 62: return {Step::ask, false, false, true, true};
    case 63: return {Step::refuse, false, false, false, true};
    case 7: return {Step::ask, true, true, true, false};
    case 8: return {Step::ask, true, true, false, false};
    case 9: return {Step::ask, false, false, true, false};
    default: return {Step::refuse, false, false, false, false};
  }
}

TEST(FirstContact, EveryCombinationOfFlagsHasItsRow) {
  int seen = 0;
  for (const bool known : {false, true})
    for (const AutoLinking linking : kAutoLinkings)
      for (const AccountMatch match : kMatches)
        for (int flags = 0; flags < 64; ++flags) {
          FirstContactFacts facts;
          facts.known = known;
          facts.match = match;
          facts.options.auto_linking = linking;
          facts.options.auto_creation = flags & 1;
          facts.options.creation_allowed = flags & 2;
          facts.options.linking_allowed = flags & 4;
          facts.options.auto_update = flags & 8;
          facts.match_is_safe = flags & 16;
          facts.profile_complete = flags & 32;
          EXPECT_EQ(decide_first_contact(facts), wanted(facts))
              << "row " << row_of(facts) << " flags " << flags << " match " << static_cast<int>(match)
              << " linking " << static_cast<int>(linking) << " known " << known;
          ++seen;
        }
  EXPECT_EQ(seen, 2 * 3 * 3 * 64);
}

// What no combination may ever give.
TEST(FirstContact, NobodyIsLinkedWithoutASafeMatch) {
  for (const AutoLinking linking : kAutoLinkings)
    for (const AccountMatch match : kMatches)
      for (int flags = 0; flags < 16; ++flags) {
        FirstContactFacts facts;
        facts.match = match;
        facts.options.auto_linking = linking;
        facts.options.auto_creation = flags & 1;
        facts.options.creation_allowed = flags & 2;
        facts.options.linking_allowed = flags & 4;
        facts.match_is_safe = flags & 8;
        const bool links = decide_first_contact(facts).step == Step::link;
        EXPECT_EQ(links, facts.match_is_safe && match == AccountMatch::one && linking != AutoLinking::unspecified);
      }
}

struct Row {
  const char* name;
  FirstContactFacts facts;
  FirstContactDecision want;
};

TEST(FirstContact, TheRowsThatPeopleMeetMost) {
  model::FirstContactOptions seed{.linking_allowed = true, .creation_allowed = true, .auto_creation = true};
  model::FirstContactOptions none{.linking_allowed = false, .creation_allowed = false, .auto_creation = false};
  model::FirstContactOptions by_email = seed;
  by_email.auto_linking = AutoLinking::email;
  const Row rows[] = {
      {"the seed's options make an account", {.options = seed}, {.step = Step::create}},
      {"…unless the provider tells too little", {.options = seed, .profile_complete = false},
       {Step::ask, true, true, true, true}},
      {"no options refuse", {.options = none}, {.step = Step::refuse}},
      {"a match is proposed", {.options = by_email, .match = AccountMatch::one},
       {Step::propose, true, true, true, false}},
      {"a safe one is linked", {.options = by_email, .match = AccountMatch::one, .match_is_safe = true},
       {.step = Step::link}},
      {"two matches are none", {.options = by_email, .match = AccountMatch::several, .match_is_safe = true},
       {.step = Step::create}},
  };
  for (const Row& row : rows) EXPECT_EQ(decide_first_contact(row.facts), row.want) << row.name;
}

}  // namespace
}  // namespace symbolon::login
