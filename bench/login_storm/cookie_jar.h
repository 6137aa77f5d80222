#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::bench {

/// The cookies that one browser holds for one host (RFC 6265 §5.3, §5.4).
///
/// Domain, Secure and SameSite make no difference here: every cookie comes from the broker, goes back to it only,
/// and broker and stub provider share a host, which makes them one site.
class CookieJar {
 public:
  /// Takes one Set-Cookie value as answered by `request_path`. One that is expired at `now` removes its namesake.
  void take(std::string_view set_cookie, std::string_view request_path, std::chrono::sys_seconds now);

  /// The Cookie header's value for a request to `path`; empty when nothing matches. Longer paths come first.
  std::string header_for(std::string_view path) const;

  void clear() { cookies_.clear(); }
  std::size_t size() const { return cookies_.size(); }

 private:
  struct Cookie {
    std::string name, value, path;
  };
  std::vector<Cookie> cookies_;  ///< longest path first
};

}  // namespace symbolon::bench
