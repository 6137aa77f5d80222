#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/headers.h"

namespace symbolon::http {

/// Cookies of a request, in order. Malformed pairs are skipped (RFC 6265 §5.4 is the browser's business, not ours).
std::vector<std::pair<std::string, std::string>> parse_cookies(const Headers& headers);

/// The only value of that name; nullopt when absent or given twice, since then one of them was planted.
std::optional<std::string> find_cookie(const Headers& headers, std::string_view name);

/// A cookie of ours: `Path=/; HttpOnly`, no Domain. Over https also `Secure; SameSite=None` and a `__Host-` name;
/// over http on loopback, where browsers refuse those, `SameSite=Lax` and the bare name.
struct SetCookie {
  std::string name;  ///< without prefix; cookie_name() adds it
  std::string value;
  std::optional<std::chrono::seconds> max_age;  ///< absent: until the browser closes; 0: delete
  bool secure = true;
};

std::string cookie_name(std::string_view name, bool secure);
std::string render(const SetCookie& cookie);

}  // namespace symbolon::http
