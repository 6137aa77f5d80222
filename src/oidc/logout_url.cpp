#include "oidc/logout_url.h"

#include <algorithm>

#include "base/text.h"
#include "http/callback_url.h"
#include "http/url.h"

namespace symbolon::oidc {
namespace {

using http::CallbackPieces;

std::string_view path_of(std::string_view rest) {
  return rest.substr(0, std::min(rest.find_first_of("?#"), rest.size()));
}

// `https://a.example` and `https://a.example/` are one address.
std::string_view normal(std::string_view rest) { return rest.empty() ? "/" : rest; }

bool is_same_rest(std::string_view entry, std::string_view requested, LogoutMatch match) {
  if (match == LogoutMatch::without_query) return normal(path_of(entry)) == normal(path_of(requested));
  return normal(entry) == normal(requested);
}

bool matches_label(std::string_view entry, std::string_view authority) {
  const auto wildcard = http::find_callback_wildcard(entry);
  if (!wildcard) return false;
  const auto dot = std::min(authority.find('.'), authority.size());
  const std::string label = to_lower_ascii(authority.substr(0, dot));
  const std::string prefix = to_lower_ascii(wildcard->prefix), suffix = to_lower_ascii(wildcard->suffix);
  return equals_ignoring_case(authority.substr(dot), wildcard->tail) && label.size() > prefix.size() + suffix.size() &&
         label.starts_with(prefix) && label.ends_with(suffix);
}

bool matches(std::string_view entry, const CallbackPieces& requested, LogoutMatch match) {
  const CallbackPieces pieces = http::cut_callback(entry);
  return equals_ignoring_case(pieces.scheme, requested.scheme) && is_same_rest(pieces.rest, requested.rest, match) &&
         (equals_ignoring_case(pieces.authority, requested.authority) || matches_label(entry, requested.authority));
}

bool is_usable(std::string_view url) {
  if (url.size() > http::kMaxCallback) return false;
  const auto parsed = http::parse_url(url);
  return parsed && http::is_callback_scheme(parsed->scheme);
}

}  // namespace

std::optional<LogoutUrl> check_logout_url(const std::vector<std::string>& registered, std::string_view requested,
                                          LogoutMatch match) {
  if (!is_usable(requested)) return std::nullopt;
  if (match == LogoutMatch::exact && requested.contains('#')) return std::nullopt;
  const CallbackPieces pieces = http::cut_callback(requested);
  if (std::ranges::none_of(registered, [&](const std::string& entry) { return matches(entry, pieces, match); }))
    return std::nullopt;
  return LogoutUrl(std::string(requested));
}

std::optional<LogoutUrl> first_logout_url(const std::vector<std::string>& registered) {
  for (const std::string& entry : registered)
    if (is_usable(entry) && !http::find_callback_wildcard(entry)) return LogoutUrl(entry);
  return std::nullopt;
}

}  // namespace symbolon::oidc
