#pragma once

#include <string>
#include <vector>

#include "http/response.h"
#include "pages/frame.h"

namespace symbolon::pages {

/// May the application have what it asks for? (login-runtime §1.17)
struct ConsentPage {
  std::string client_name;
  std::string client_logo;  ///< https; anything else: none shown
  std::string account;      ///< e-mail or name of the signed-in person
  std::vector<std::string> scopes;      ///< of OpenID Connect
  std::string api_name;                 ///< empty: no API is asked for
  std::vector<std::string> api_scopes;  ///< one line each, as shown
  std::string state, token;
  std::string form_targets;  ///< CSP sources that the answer may lead to, beside ours
};

http::Response render(const Frame& frame, const ConsentPage& page);

/// `action:resource` scopes as lines of `resource: action, action`; others stand alone. Order of first appearance.
std::vector<std::string> group_scopes(const std::vector<std::string>& scopes);

}  // namespace symbolon::pages
