#include "login/first_contact.h"

namespace symbolon::login {

FirstContactDecision decide_first_contact(const FirstContactFacts& facts) {
  const model::FirstContactOptions& options = facts.options;
  if (facts.known) return {.step = FirstContactStep::sign_in};

  const bool searched = options.auto_linking != model::AutoLinking::unspecified;
  if (searched && facts.match == AccountMatch::one) {
    if (facts.match_is_safe) return {.step = FirstContactStep::link};
    const bool automatic = options.auto_creation && facts.profile_complete;
    return {.step = FirstContactStep::propose,
            .may_create = options.creation_allowed || automatic,
            .may_edit = options.creation_allowed,
            .may_link = true};
  }
  if (options.auto_creation && facts.profile_complete) return {.step = FirstContactStep::create};

  FirstContactDecision decision{.may_create = options.creation_allowed,
                                .may_edit = options.creation_allowed,
                                .may_link = options.linking_allowed,
                                .incomplete = options.auto_creation};
  if (decision.may_create || decision.may_link) decision.step = FirstContactStep::ask;
  return decision;
}

}  // namespace symbolon::login
