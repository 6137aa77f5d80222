#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/response.h"
#include "pages/first_contact_texts.h"
#include "pages/frame.h"
#include "pages/texts.h"

namespace symbolon::pages {

/// What a person may change before an account is made.
struct ContactProfile {
  std::string given_name, family_name, nickname, email;
};

/// A way to sign in to an old account.
struct ContactLink {
  std::string label;
  std::string connection;  ///< id, sent back by its button
};

/// A provider has proved somebody who has no account here (login-runtime RP-83, zitadel-idps §6.10). What it proved is
/// not in the page: a form carries only what the person may change.
struct FirstContactPage {
  int status = 200;
  std::string provider;  ///< its name
  std::string account;   ///< what it calls the person; may be empty
  std::string state, token;
  std::string form_targets;

  bool proposes = false;           ///< an account was found
  bool may_link = false;
  std::vector<ContactLink> links;  ///< with `may_link`: ways to prove the old account
  bool asks_address = false;       ///< with `may_link`: an e-mail address leads to more of them
  std::string identifier;          ///< in that field
  std::optional<Text> identifier_problem;
  std::string identifier_subject;  ///< what the problem's sentence ends with
  bool may_create = false;
  std::optional<ContactProfile> editable;  ///< with `may_create`: the form; absent: a button alone
  bool email_needed = false;

  std::optional<ContactText> notice;  ///< why the page is shown again
  std::string reference;
  std::optional<ContactText> email_problem, text_problem;
};

http::Response render(const Frame& frame, const FirstContactPage& page);

}  // namespace symbolon::pages
