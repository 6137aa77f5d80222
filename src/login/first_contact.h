#pragma once

#include "model/upstream_settings.h"

namespace symbolon::login {

/// What auto-linking found: accounts that have the person's e-mail address or username.
enum class AccountMatch { none, one, several };

/// What the first sight of a person is decided on.
struct FirstContactFacts {
  bool known = false;  ///< the identity has a user
  model::FirstContactOptions options;
  AccountMatch match = AccountMatch::none;
  bool match_is_safe = false;     ///< verified at both ends, and an account that may be linked without asking
  bool profile_complete = true;   ///< enough is known to create a user
};

enum class FirstContactStep {
  sign_in,  ///< row 1: the user of the identity
  link,     ///< row 2: add the identity to the account found, without a question
  propose,  ///< row 2: ask the person to prove that the account found is theirs
  create,   ///< row 5
  ask,      ///< rows 6a, 6b, 7, 8, 9: the person chooses
  refuse,   ///< rows 6c and 10
};

struct FirstContactDecision {
  FirstContactStep step = FirstContactStep::refuse;
  bool may_create = false;  ///< the page offers a new account
  bool may_edit = false;    ///< …whose details the person may change first
  bool may_link = false;    ///< the page offers an existing account
  bool incomplete = false;  ///< an account would have been created, had the provider told enough

  friend bool operator==(const FirstContactDecision&, const FirstContactDecision&) = default;
};

/// The decision table of zitadel-idps §6.9 and login-runtime RP-83. A match that is not safe is never linked on the
/// provider's word alone (§7.2, threats T7): the person signs in to the old account first.
FirstContactDecision decide_first_contact(const FirstContactFacts& facts);

}  // namespace symbolon::login
