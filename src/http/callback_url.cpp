#include "http/callback_url.h"

#include <algorithm>

#include "base/text.h"
#include "http/registrable_domain.h"
#include "http/url.h"

namespace symbolon::http {
namespace {

bool is_letter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }

bool is_web_scheme(std::string_view scheme) {
  return equals_ignoring_case(scheme, "https") || equals_ignoring_case(scheme, "http");
}

}  // namespace

CallbackPieces cut_callback(std::string_view url) {
  const auto colon = std::min(url.find(':'), url.size());
  CallbackPieces pieces{url.substr(0, colon), {}, url.substr(colon)};
  if (!pieces.rest.starts_with("://")) return pieces;
  const auto end = std::min(pieces.rest.find_first_of("/?#", 3), pieces.rest.size());
  pieces.authority = pieces.rest.substr(3, end - 3);
  pieces.rest.remove_prefix(end);
  return pieces;
}

std::optional<CallbackWildcard> find_callback_wildcard(std::string_view url) {
  const CallbackPieces pieces = cut_callback(url);
  if (!is_web_scheme(pieces.scheme) || std::ranges::count(url, '*') != 1) return std::nullopt;
  const auto star = pieces.authority.find('*');
  const auto dot = pieces.authority.find('.');
  if (star == std::string_view::npos || dot == std::string_view::npos || star > dot) return std::nullopt;
  const auto tail = pieces.authority.substr(dot);
  // `*.com`, `*.co.uk` and `*.0.0.1` would hand codes to strangers: a domain that somebody owns must follow.
  const auto last = tail.rfind('.') + 1;
  if (last == 1 || last == tail.size() || !is_letter(tail[last])) return std::nullopt;
  if (is_public_suffix(tail.substr(1, tail.find(':') - 1))) return std::nullopt;
  return CallbackWildcard{pieces.authority.substr(0, star), pieces.authority.substr(star + 1, dot - star - 1), tail};
}

bool is_callback_scheme(std::string_view scheme) { return is_web_scheme(scheme) || scheme.contains('.'); }

std::optional<std::string> find_callback_problem(std::string_view callback, const CallbackRules& rules) {
  if (callback.size() > kMaxCallback) return "must not be longer than 2048 characters";
  if (callback.contains('#')) return "must not have a fragment";
  std::string whole(callback);
  if (const auto pieces = cut_callback(callback); pieces.authority.contains('*')) {
    if (!rules.first_party) return "must not have a wildcard: third-party applications name their callbacks exactly";
    if (!find_callback_wildcard(callback))
      return "may have one * only, in the left-most label of a host name below a domain of yours";
    whole[callback.find('*')] = 'x';
  }
  const auto url = parse_url(whole);
  if (!url) return "must be an absolute URL";
  if (!is_callback_scheme(url->scheme))
    return "must use https, or a private-use scheme with a dot in its name, such as com.example.app";
  if (url->is_http() && !url->is_loopback() && !rules.allow_http)
    return "must use https, because codes would travel unencrypted";
  return std::nullopt;
}

}  // namespace symbolon::http
