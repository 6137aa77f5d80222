// The Cookie header: names are tokens, values one line, and a name given twice is never found.

#include "http/cookie.h"

#include <algorithm>
#include <string>

#include "check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace symbolon;
  http::Headers headers;
  headers.add("Cookie", std::string(view(bytes, size)));
  const auto cookies = http::parse_cookies(headers);
  for (const auto& [name, value] : cookies) {
    check(http::is_token(name) && http::is_field_value(value) && !value.contains(';'));
    const auto count = std::ranges::count(cookies, name, [](const auto& cookie) { return cookie.first; });
    check(http::find_cookie(headers, name) == (count == 1 ? std::optional(value) : std::nullopt));
  }
  return 0;
}
