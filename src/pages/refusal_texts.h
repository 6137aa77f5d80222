#pragma once

#include <string_view>

namespace symbolon::pages {

/// Why a request of an application is refused on a page, because there is nowhere to redirect to; as texts.h, apart
/// because the English sentences are what programs get as error_description where they get one at all.
enum class RefusalText {
  posted_no_form,
  too_long,
  malformed,
  client_missing,
  client_repeated,
  client_unknown,
  redirect_repeated,
  redirect_missing,
  redirect_malformed,
  redirect_scheme,
  redirect_fragment,
  redirect_not_registered,
  message_origin,         ///< RM-3
  two_requests,           ///< both request and request_uri
  request_uri_unknown,
  request_object_invalid,
  issuer_unknown,         ///< of a sign-in that a provider initiates
  too_often,
  hint_is_foreign,        ///< of a logout, as the rest
  two_applications,
  two_sessions,
  state_too_long,
  malformed_or_repeated,
};

/// The sentence in `language` (a tag that choose_language returned).
std::string_view text(std::string_view language, RefusalText name);

}  // namespace symbolon::pages
