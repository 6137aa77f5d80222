#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::oidc {

/// How an address is compared with the registered ones: /v2/logout ignores query and fragment (login-runtime LO-3),
/// /oidc/logout does not, and takes no fragment (LO-14).
enum class LogoutMatch { without_query, exact };

/// Where a browser may be sent after a logout. check_logout_url() is the only maker, so nobody is sent to an address
/// that was not registered (threats T20, T21).
class LogoutUrl {
 public:
  const std::string& url() const noexcept { return url_; }

 private:
  explicit LogoutUrl(std::string url) : url_(std::move(url)) {}
  friend std::optional<LogoutUrl> check_logout_url(const std::vector<std::string>&, std::string_view, LogoutMatch);
  friend std::optional<LogoutUrl> first_logout_url(const std::vector<std::string>&);

  std::string url_;
};

/// Scheme and host without case, the rest byte for byte; an entry's `*` in the left-most label as in RU-2.
[[nodiscard]] std::optional<LogoutUrl> check_logout_url(const std::vector<std::string>& registered,
                                                        std::string_view requested, LogoutMatch match);

/// Where a logout leads that names no address (LO-4, LO-15): the first whole URL of the list.
std::optional<LogoutUrl> first_logout_url(const std::vector<std::string>& registered);

}  // namespace symbolon::oidc
