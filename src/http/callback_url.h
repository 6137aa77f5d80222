#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::http {

inline constexpr std::size_t kMaxCallback = 2048;

/// A callback cut for comparison, its bytes kept (login-runtime RU-1). Cuts any text; only what parse_url() took apart
/// may be sent to a browser.
struct CallbackPieces {
  std::string_view scheme;
  std::string_view authority;  ///< empty for `com.example:/callback`
  std::string_view rest;       ///< from the end of the authority
};
CallbackPieces cut_callback(std::string_view url);

/// `https://prefix*suffix.example.com…`: the one place where `*` is not a plain character (RU-2).
struct CallbackWildcard {
  std::string_view prefix, suffix;  ///< of the left-most label
  std::string_view tail;            ///< the other labels and the port, with the leading dot
};
/// Nullopt when `url` has no wildcard, or one that must not match anything.
std::optional<CallbackWildcard> find_callback_wildcard(std::string_view url);

/// http, https, or a private-use scheme: a reversed domain name (RFC 8252 §7.1), which no scheme that browsers execute
/// is (threats T20).
bool is_callback_scheme(std::string_view scheme);

/// What decides whether a callback may be registered.
struct CallbackRules {
  bool first_party = true;
  bool allow_http = false;  ///< the tenant's allow_http_callbacks; loopback is always allowed
};

/// Why `callback` may not be registered, as the end of a sentence: "must not have a fragment". Nullopt when it may
/// (RU-1…RU-4).
std::optional<std::string> find_callback_problem(std::string_view callback, const CallbackRules& rules);

}  // namespace symbolon::http
