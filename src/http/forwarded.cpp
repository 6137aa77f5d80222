#include "http/forwarded.h"

#include <algorithm>
#include <optional>
#include <ranges>

#include "base/text.h"

namespace symbolon::http {
namespace {

// Some proxies add a port: `1.2.3.4:567`, `[2001:db8::1]:567`.
std::optional<Address> parse_hop(std::string_view text) {
  text = trim(text);
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    return end == std::string_view::npos ? std::nullopt : parse_address(text.substr(1, end - 1));
  }
  if (std::ranges::count(text, ':') == 1) text = text.substr(0, text.find(':'));
  return parse_address(text);
}

bool is_listed(const Address& address, const std::vector<Network>& networks) {
  return std::ranges::any_of(networks, [&](const Network& network) { return network.contains(address); });
}

}  // namespace

Address client_address(const Address& peer, const Headers& headers, const std::vector<Network>& trusted_proxies) {
  Address nearest = peer;
  if (!is_listed(peer, trusted_proxies)) return nearest;
  const auto lines = headers.get_all("X-Forwarded-For");
  for (std::string_view line : std::views::reverse(lines)) {
    while (!line.empty()) {
      const auto comma = line.rfind(',');
      const auto hop = parse_hop(comma == std::string_view::npos ? line : line.substr(comma + 1));
      if (!hop) return nearest;
      nearest = *hop;
      if (!is_listed(nearest, trusted_proxies)) return nearest;
      line = comma == std::string_view::npos ? std::string_view() : line.substr(0, comma);
    }
  }
  return nearest;
}

}  // namespace symbolon::http
