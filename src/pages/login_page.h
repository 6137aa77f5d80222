#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/response.h"
#include "pages/frame.h"
#include "pages/html.h"
#include "pages/texts.h"

namespace symbolon::pages {

/// One way to sign in: "Continue with {label}".
struct LoginChoice {
  std::string label;
  std::string icon_url;   ///< https, drawn 20×20; empty: a key glyph
  std::string start_url;  ///< of ours; leads to the provider
  bool last_used = false;
};

/// Asks for an e-mail address; its domain then finds the provider.
struct IdentifierForm {
  std::string state;    ///< of the interaction
  std::string targets;  ///< CSP sources that the answer may lead to
  std::string token;  ///< see tickets/page_token.h
  std::string value;  ///< shown in the field
  std::optional<Text> problem;
  std::string problem_subject;  ///< follows the problem's text
};

/// Which provider? (login-runtime §3.3, §3.4)
struct LoginPage {
  int status = 200;
  std::string client_name;
  std::optional<Text> notice;
  std::string reference;  ///< of what the notice is about; empty: none shown
  std::optional<IdentifierForm> identifier;
  std::vector<LoginChoice> choices;
};

http::Response render(const Frame& frame, const LoginPage& page);

/// A list of links, each with its icon.
Html render_choices(const Frame& frame, const std::vector<LoginChoice>& choices);

}  // namespace symbolon::pages
