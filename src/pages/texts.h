#pragma once

#include <string>
#include <string_view>

namespace symbolon::pages {

/// Every sentence of ours that a person reads; a name without a text in one language does not compile (texts.cpp).
enum class Text {
  error_title,
  error_expired_title,
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
  returning_title,
  returning_body,
};

/// The text in `language` (a tag that choose_language returned).
std::string_view text(std::string_view language, Text name);

}  // namespace symbolon::pages
