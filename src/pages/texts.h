#pragma once

#include <string>
#include <string_view>

namespace symbolon::pages {

/// Every sentence of ours that a person reads; a name without a text in one language does not compile (texts.cpp).
enum class Text {
  error_title,
  error_prefix,  ///< before the title of a page that says what is wrong with its form
  error_expired_title,
  error_expired_body,
  error_test_ended_title,  ///< of a connection's test
  error_test_ended_body,
  error_foreign_body,    ///< a state that this browser did not start
  error_nothing_body,    ///< an answer in a fragment, which never arrives
  error_no_state_body,   ///< an answer that nobody asked for
  error_not_offered_body,  ///< an organisation's policy does not list the provider
  error_callback_title,
  error_reference,
  error_reference_help,
  error_support,
  back_to_application,
  continue_button,
  continue_with,      ///< followed by the provider's name
  login_title,        ///< followed by the tenant's name
  login_title_plain,
  login_to_application,
  login_no_choice,
  login_last_used,
  login_or,
  login_not_finished,    ///< notice after a trip to a provider that led nowhere
  identifier_label,
  identifier_missing,    ///< problem: no e-mail address
  identifier_unknown,    ///< problem, followed by the domain
  identifier_too_often,  ///< problem: rate limit
  form_expired,          ///< problem: the form was too old or foreign
  select_title,
  select_other,
  account_title,
  account_continue_as,   ///< followed by the person's name
  account_other,
  consent_title,
  consent_asks,          ///< preceded by the application's name
  consent_account,       ///< followed by the person's name
  consent_at_api,        ///< followed by the API's name
  consent_accept,
  consent_decline,
  scope_sign_in,         ///< openid, or no scope at all
  scope_profile,
  scope_email,
  scope_phone,
  scope_address,
  scope_offline_access,
  declined_title,
  declined_body,
  returning_title,
  returning_body,
};

/// The text in `language` (a tag that choose_language returned).
std::string_view text(std::string_view language, Text name);

}  // namespace symbolon::pages
