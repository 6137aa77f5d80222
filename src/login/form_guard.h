#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "crypto/secret_box.h"
#include "http/request.h"

namespace symbolon::login {

/// May this POST be acted on (SEC-35)? It comes from a page of ours, by what the browser says of itself, and carries the
/// token that the form was rendered with for the same purpose and subject.
bool is_our_form(const http::Request& request, const crypto::SecretBox& box, std::string_view purpose,
                 std::string_view bound_to, std::string_view token, Instant now);

/// The first half alone: Origin, or Sec-Fetch-Site where the page's Referrer-Policy hides the origin.
bool comes_from_our_page(const http::Request& request);

/// The CSP source of `redirect_uri`.
std::string form_target_of(const std::string& redirect_uri);

/// The CSP sources of a form that may lead to any provider and from there to `redirect_uri`, which may lead on: browsers
/// judge a form by the whole chain of redirects.
std::string form_targets_of(const std::string& redirect_uri);

}  // namespace symbolon::login
