#include "oidc/redirect_uri.h"

#include <algorithm>
#include <stdexcept>

#include "base/text.h"
#include "http/callback_url.h"
#include "http/url.h"

namespace symbolon::oidc {
namespace {

using http::CallbackPieces;

bool is_same(const CallbackPieces& entry, const CallbackPieces& requested) {
  return equals_ignoring_case(entry.scheme, requested.scheme) &&
         equals_ignoring_case(entry.authority, requested.authority) && entry.rest == requested.rest;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

bool ends_with_ignoring_case(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && equals_ignoring_case(text.substr(text.size() - suffix.size()), suffix);
}

bool matches_wildcard(std::string_view entry, const CallbackPieces& requested) {
  const auto wildcard = http::find_callback_wildcard(entry);
  if (!wildcard) return false;
  const CallbackPieces pieces = http::cut_callback(entry);
  if (!equals_ignoring_case(pieces.scheme, requested.scheme) || pieces.rest != requested.rest) return false;
  const auto dot = std::min(requested.authority.find('.'), requested.authority.size());
  const auto label = requested.authority.substr(0, dot);
  return equals_ignoring_case(requested.authority.substr(dot), wildcard->tail) &&
         label.size() > wildcard->prefix.size() + wildcard->suffix.size() &&
         starts_with_ignoring_case(label, wildcard->prefix) && ends_with_ignoring_case(label, wildcard->suffix);
}

bool is_callback_loopback(std::string_view host) {
  return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

bool matches_loopback(std::string_view entry, const http::Url& requested_url, const CallbackPieces& requested) {
  const auto url = http::parse_url(entry);
  return url && url->is_http() && requested_url.is_http() && is_callback_loopback(url->host) &&
         url->host == requested_url.host && http::cut_callback(entry).rest == requested.rest;
}

bool is_registered(const model::Client& client, const http::Url& url, std::string_view requested) {
  const CallbackPieces pieces = http::cut_callback(requested);
  return std::ranges::any_of(client.callbacks, [&](const std::string& entry) {
    if (entry.contains('#')) return false;
    return is_same(http::cut_callback(entry), pieces) || (client.first_party && matches_wildcard(entry, pieces)) ||
           (client.app_type == "native" && matches_loopback(entry, url, pieces));
  });
}

}  // namespace

pages::RefusalText describe(RedirectError error) {
  switch (error) {
    case RedirectError::missing:
      return pages::RefusalText::redirect_missing;
    case RedirectError::malformed:
      return pages::RefusalText::redirect_malformed;
    case RedirectError::forbidden_scheme:
      return pages::RefusalText::redirect_scheme;
    case RedirectError::fragment:
      return pages::RefusalText::redirect_fragment;
    case RedirectError::not_registered:
      return pages::RefusalText::redirect_not_registered;
  }
  throw std::logic_error("RedirectError outside its enumerators");
}

std::expected<TrustedRedirect, RedirectError> check_redirect_uri(const model::Client& client,
                                                                 std::string_view requested) {
  if (requested.empty()) return std::unexpected(RedirectError::missing);
  if (requested.size() > http::kMaxCallback) return std::unexpected(RedirectError::malformed);
  if (requested.contains('#')) return std::unexpected(RedirectError::fragment);
  const auto url = http::parse_url(requested);
  if (!url) return std::unexpected(RedirectError::malformed);
  if (!http::is_callback_scheme(url->scheme)) return std::unexpected(RedirectError::forbidden_scheme);
  if (!is_registered(client, *url, requested)) return std::unexpected(RedirectError::not_registered);

  const bool is_web = url->is_http() || url->is_https();
  return TrustedRedirect(std::string(requested), is_web ? url->origin() : url->scheme + ":", is_web);
}

std::optional<std::string> sole_callback(const model::Client& client) {
  if (client.callbacks.size() != 1 || !http::parse_url(client.callbacks.front())) return std::nullopt;
  return client.callbacks.front();
}

}  // namespace symbolon::oidc
