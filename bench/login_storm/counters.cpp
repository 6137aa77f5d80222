#include "login_storm/counters.h"

#include <algorithm>
#include <boost/json.hpp>

namespace symbolon::bench {

namespace json = boost::json;

std::optional<double> find_number(const json::value& document, std::string_view path) {
  const json::value* at = &document;
  while (at != nullptr && !path.empty()) {
    const std::string_view name = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(name.size() + 1, path.size()));
    if (const auto* object = at->if_object()) {
      at = object->if_contains({name.data(), name.size()});
    } else if (const auto* array = at->if_array()) {
      const std::string digits(name);
      char* end = nullptr;
      const unsigned long index = std::strtoul(digits.c_str(), &end, 10);
      at = digits.empty() || *end != '\0' ? nullptr : array->if_contains(index);
    } else {
      at = nullptr;
    }
  }
  if (at == nullptr || !at->is_number()) return std::nullopt;
  return at->to_number<double>();
}

Task<std::expected<std::vector<double>, Failure>> read_counters(boost::asio::any_io_executor executor,
                                                                const MeterOptions& meters) {
  std::vector<double> values;
  if (meters.stats_url.empty()) co_return values;
  const Url url = parse_http_url(meters.stats_url).value();
  HttpConnection connection(executor, resolve_endpoint(url.host, url.port), std::chrono::seconds(5));
  const auto response =
      co_await connection.exchange({.method = "GET", .target = url.target, .headers = {}, .body = {}});
  if (!response) co_return std::unexpected(response.error());
  boost::system::error_code error;
  const json::value document = json::parse(response->body, error);
  for (const std::string& path : meters.stats_paths) {
    const auto value = error ? std::nullopt : find_number(document, path);
    if (!value) co_return std::unexpected(Failure{"--stats-path: no number at " + path, response->body.substr(0, 300)});
    values.push_back(*value);
  }
  co_return values;
}

}  // namespace symbolon::bench
