#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::http {

/// An absolute URL (RFC 3986), taken apart. Strict where parsers are known to differ (threats T18): ASCII only, no user
/// information, no control or space characters, no backslash or quotes, whole percent escapes and none in the host, a
/// host that is a DNS name, a strict IPv4 or a bracketed IPv6 literal, a port from 1 to 65535.
struct Url {
  std::string scheme;    ///< lower case
  std::string host;      ///< lower case; IPv6 literals with brackets
  std::string port;      ///< digits, or empty
  std::string path;      ///< raw, starts with '/' or is empty
  std::optional<std::string> query;     ///< raw, without '?'
  std::optional<std::string> fragment;  ///< raw, without '#'

  /// `scheme://host[:port]` without a default port: the origin of RFC 6454 §4.
  std::string origin() const;
  /// host[:port] as given.
  std::string authority() const;
  std::string str() const;
  bool is_https() const { return scheme == "https"; }
  bool is_http() const { return scheme == "http"; }
  /// 127.0.0.0/8, [::1] or localhost.
  bool is_loopback() const;

  friend bool operator==(const Url&, const Url&) = default;
};

/// nullopt unless `text` is an absolute hierarchical URL. Private-use schemes (`com.example:/cb`) parse too,
/// with an empty host.
std::optional<Url> parse_url(std::string_view text);

/// `url` with parameters appended to its own query.
std::string with_query(std::string_view url, const std::vector<std::pair<std::string, std::string>>& parameters);
/// `url` with parameters as its fragment.
std::string with_fragment(std::string_view url, const std::vector<std::pair<std::string, std::string>>& parameters);

}  // namespace symbolon::http
