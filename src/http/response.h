#pragma once

#include <string>
#include <string_view>

#include "http/headers.h"

namespace symbolon::http {

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
};

Response json_response(int status, std::string body);
Response html_response(int status, std::string body);
Response empty_response(int status);

/// 302 after GET, 303 after POST: the browser must not post again (RFC 9700 §4.12).
Response redirect_after_get(std::string location);
Response redirect_after_post(std::string location);

/// `Cache-Control: no-store`, `Pragma: no-cache`, `Referrer-Policy: no-referrer`, `X-Content-Type-Options: nosniff`:
/// for every answer that carries a token, code, cookie or error (login-runtime OP-20d).
void forbid_caching(Response& response);

}  // namespace symbolon::http
