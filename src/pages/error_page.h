#pragma once

#include <string>

#include "http/response.h"
#include "pages/frame.h"
#include "pages/texts.h"

namespace symbolon::pages {

/// A failure while there is nowhere to redirect to (login-runtime §1.8). `reference` finds the explanation again.
struct ErrorPage {
  int status = 400;
  Text title = Text::error_title;
  std::string error;        ///< OAuth code
  std::string description;  ///< what happened and what to do, written by us
  std::string reference;    ///< the tracking id; empty: none shown
  std::string client_id, connection;
  std::string continue_url;  ///< where "Back to the application" leads; empty: no link
};

http::Response render(const Frame& frame, const ErrorPage& page);

}  // namespace symbolon::pages
