#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/response.h"
#include "pages/frame.h"

namespace symbolon::pages {

/// "Log out?" (login-runtime LO-17). Posts `fields` with `decision` yes or no to /u/logout.
struct LogoutPage {
  bool url_was_refused = false;  ///< LO-5: says so, offers the sign-out alone, and answers 400
  std::vector<std::pair<std::string, std::string>> fields;
  std::string form_targets;  ///< CSP sources that the answer may redirect to; empty: ours only
};
http::Response render(const Frame& frame, const LogoutPage& page);

/// Where a logout ends that leads nowhere else (LO-31).
struct LoggedOutPage {
  bool still_signed_in = false;  ///< the person said no
  std::string continue_url;      ///< of the tenant; empty: no link
};
http::Response render(const Frame& frame, const LoggedOutPage& page);

}  // namespace symbolon::pages
