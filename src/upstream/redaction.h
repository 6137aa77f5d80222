#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::upstream {

/// What stands in place of a value that must not be shown.
inline constexpr std::string_view kRedacted = "•••";

/// Most of a provider's answer that an explanation shows (login-runtime DB-5).
inline constexpr std::size_t kMaxExcerptBytes = 2048;

/// Keeps secrets out of explanations: the values it was told of, in plain, percent-encoded and JSON form, wherever
/// they turn up; every value whose name contains token, secret, code, assertion or password; credentials behind
/// "Bearer" or "Basic"; everything that looks like a JWT. Works on any text, also on JSON that is broken or cut.
class Redaction {
 public:
  /// Values of fewer than four bytes are too short to be told from other text; only their names protect them.
  void hide(std::string_view secret);

  /// `text` without the values that it was told of, and otherwise as it is.
  std::string hide_known(std::string_view text) const;

  /// At most `limit` bytes of `text`, without secrets, control and bidirectional characters.
  std::string clean(std::string_view text, std::size_t limit) const;

  /// clean() for the body of an answer: JSON is written anew first, so that escapes hide nothing.
  std::string excerpt(std::string_view body) const;

 private:
  void remember(std::string form);

  std::vector<std::string> hidden_;  ///< longest first, so that a part never uncovers the rest
};

/// Scheme, host and path of a URL.
std::string without_query(std::string_view url);

}  // namespace symbolon::upstream
