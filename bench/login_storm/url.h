#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::bench {

/// Decoded names and values of a query or form, in order.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// An absolute http URL. https is refused: the storm measures brokers on loopback, without TLS.
struct Url {
  std::string host;    ///< lower case
  std::string port;    ///< "80" when the URL names none
  std::string target;  ///< path and query, starts with '/'

  std::string authority() const { return host + ":" + port; }
  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
};

/// nullopt unless `text` is an absolute http URL; a fragment is dropped.
std::optional<Url> parse_http_url(std::string_view text);

/// The absolute form of `reference` as found on the page `base` (RFC 3986 §5.2).
/// `base` must be an absolute URL with an authority.
std::string resolve(std::string_view base, std::string_view reference);

/// What stands between '?' and '#'; empty when there is none.
std::string_view query_of(std::string_view url);

/// True when `url` is `endpoint` itself or `endpoint` with a query or fragment of its own.
bool leads_to(std::string_view url, std::string_view endpoint);

/// Lenient: a bad percent escape stays as it is.
std::string form_decode(std::string_view text);
Parameters parse_form(std::string_view text);
std::string encode_form(const Parameters& parameters);
std::string percent_encode(std::string_view text);

/// `url` with parameters appended to its query.
std::string with_query(std::string_view url, const Parameters& parameters);

/// The first value of that name; empty when absent.
std::string value_of(const Parameters& parameters, std::string_view name);

}  // namespace symbolon::bench
