#pragma once

#include <string>
#include <vector>

#include "http/response.h"
#include "pages/frame.h"
#include "pages/login_page.h"

namespace symbolon::pages {

/// Several connections have the domain that the person typed (login-runtime HR-4).
struct SelectPage {
  std::string identifier;
  std::vector<LoginChoice> choices;
  std::string other_url;  ///< back to the identifier
};

/// Somebody is signed in, and the application asks which account to use (prompt=select_account).
struct AccountPage {
  std::string client_name;
  std::string account;  ///< e-mail or name of the signed-in person
  std::string state, token;
  std::string form_targets;  ///< CSP sources that the answer may lead to
  std::string other_url;
};

http::Response render(const Frame& frame, const SelectPage& page);
http::Response render(const Frame& frame, const AccountPage& page);

}  // namespace symbolon::pages
