#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/response.h"

namespace symbolon::net {

/// What the connection adds to a handler's answer.
struct Framing {
  bool keep_alive = true;
  bool http_1_0 = false;
  std::string_view request_id;
  std::string_view date;  ///< IMF-fixdate
};

/// Appends status line and fields of `response` (RFC 9112), with an empty line behind. Content-Length is the size of
/// the body, also in answers to HEAD; fields that frame the message are the connection's, so a handler's own are left
/// out. Throws std::logic_error for a status that is no final one and for a field that would split the answer.
void append_head(std::string& out, const http::Response& response, const Framing& framing);

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
std::string to_http_date(Instant at);

}  // namespace symbolon::net
