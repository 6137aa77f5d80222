#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "model/client.h"
#include "pages/refusal_texts.h"

namespace symbolon::oidc {

/// Why a redirect_uri is not used. For the log and the error page; the browser is never sent anywhere.
enum class RedirectError {
  missing,           ///< none sent, and the client has no single callback that could stand in
  malformed,         ///< not an absolute URL that every parser reads alike
  forbidden_scheme,  ///< javascript:, data: and whatever else is neither http(s) nor private-use
  fragment,          ///< RFC 6749 §3.1.2
  not_registered,
};
pages::RefusalText describe(RedirectError error);

/// A redirect target registered by the client it is used for.
///
/// check_redirect_uri() is the only way to get one, so a function that takes a TrustedRedirect cannot send a code or an
/// error to somebody else's page (RFC 9700 §4.1). Immutable and cheap to move.
class TrustedRedirect {
 public:
  const std::string& uri() const noexcept { return uri_; }
  /// RFC 6454 §4, or `scheme:` for a private-use scheme: a source in a Content-Security-Policy.
  const std::string& origin() const noexcept { return origin_; }
  bool is_web() const noexcept { return is_web_; }

 private:
  TrustedRedirect(std::string uri, std::string origin, bool is_web)
      : uri_(std::move(uri)), origin_(std::move(origin)), is_web_(is_web) {}
  friend std::expected<TrustedRedirect, RedirectError> check_redirect_uri(const model::Client&, std::string_view);

  std::string uri_, origin_;
  bool is_web_;
};

/// Compares `requested` with the client's callbacks: scheme and host without case, the rest byte for byte
/// (login-runtime RU-1). Only a first-party client's `*` in the left-most label (RU-2) and the port of a native
/// client's loopback address (RU-3, RFC 8252 §7.3) may differ. On an error, show a page: never redirect.
[[nodiscard]] std::expected<TrustedRedirect, RedirectError> check_redirect_uri(const model::Client& client,
                                                                               std::string_view requested);

/// The callback that a request without redirect_uri means: the client's only one, if it is a whole URL (AZ-3).
std::optional<std::string> sole_callback(const model::Client& client);

}  // namespace symbolon::oidc
