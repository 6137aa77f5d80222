#pragma once

#include <string>
#include <vector>

#include "http/response.h"
#include "pages/frame.h"

namespace symbolon::pages {

/// One way to sign in: "Continue with {label}".
struct LoginChoice {
  std::string label;
  std::string icon_url;   ///< https, drawn 20×20; empty: a key glyph
  std::string start_url;  ///< of ours; leads to the provider
};

/// Which provider? (login-runtime §3.3, §3.4)
struct LoginPage {
  std::string client_name;
  std::vector<LoginChoice> choices;
};

http::Response render(const Frame& frame, const LoginPage& page);

}  // namespace symbolon::pages
