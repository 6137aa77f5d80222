#pragma once

#include <string>
#include <vector>

#include "http/response.h"
#include "pages/frame.h"
#include "pages/try_texts.h"

namespace symbolon::pages {

/// What came of a connection's test (login-runtime DB-4, DB-5), for the administrator who made it. All values are
/// shown as they are, so no token and no secret may be among them.
struct TryPage {
  struct Fact {
    TryText label;
    std::string value;  ///< empty ones are left out
  };
  struct Attribute {
    std::string name, source, value, note;
  };
  struct Call {
    std::string purpose, address, status, duration, excerpt;
  };
  struct Document {
    TryText title;
    std::string text;  ///< JSON, indented; empty ones are left out
  };

  bool worked = false;
  std::vector<Fact> facts;
  std::vector<std::string> warnings;
  std::vector<Attribute> mapping;
  std::vector<Document> documents;
  std::vector<Call> calls;
  std::string reference;  ///< of a failure; finds the stored explanation
};

http::Response render(const Frame& frame, const TryPage& page);

}  // namespace symbolon::pages
