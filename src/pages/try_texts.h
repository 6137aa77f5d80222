#pragma once

#include <string_view>

namespace symbolon::pages {

/// The sentences of the page that shows what came of a connection's test; as texts.h, apart because only
/// administrators read them.
enum class TryText {
  worked_title,
  failed_title,
  nothing_was_stored,
  facts,
  connection,
  channel,
  client_authentication,
  pkce,
  scope_sent,
  scope_granted,
  user_id,
  email_verified,
  session_expiry,
  a_login_would,  ///< followed by one of the next
  would_refuse_blocked,
  would_refuse_unprovisioned,
  would_refuse_incomplete,
  would_refuse_everything,
  would_sign_in,
  would_link,
  would_propose,
  would_create,
  would_ask,
  warnings,
  profile,
  login_only,
  mapping,
  attribute,
  source,
  value,
  note,
  token_header,
  claims,
  user_answer,
  userinfo,
  calls,
  call,
  status,
  duration,
  what_failed,
  expected,
  received,
  what_to_do,
  told_the_application,
  callback_url,
  test_again,
};

std::string_view text(std::string_view language, TryText name);

}  // namespace symbolon::pages
