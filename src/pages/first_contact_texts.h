#pragma once

#include <string_view>

namespace symbolon::pages {

/// The sentences of the first-contact page; as texts.h, apart because they come up once in a person's life.
enum class ContactText {
  title,
  signed_in_with,  ///< followed by the provider's name
  as_account,      ///< followed by what the provider calls the person
  propose_title,
  propose_body,
  propose_no_way,
  link_title,
  link_body,
  create_title,
  create_body,
  create_instead_title,
  email_needed,
  given_name,
  family_name,
  nickname,
  email,
  email_problem,
  text_problem,
  create_button,
  cancel_button,
  unknown_account,    ///< the sign-in to the old account led to none
  another_account,    ///< …or to another than the one proposed
  trip_failed,
  already_linked,
};

std::string_view text(std::string_view language, ContactText name);

}  // namespace symbolon::pages
