#include "store/client_origin.h"

#include <algorithm>

#include "http/url.h"

namespace symbolon::store {
namespace {

// Where the first label of `origin` begins and the dot behind it stands; nullopt without a dot or for an IPv6 literal.
struct FirstLabel {
  std::size_t begin, end;
};
std::optional<FirstLabel> first_label(std::string_view origin) {
  const auto slashes = origin.find("://");
  if (slashes == std::string_view::npos) return std::nullopt;
  const auto begin = slashes + 3;
  const auto end = origin.find_first_of("./?#", begin);
  if (end == std::string_view::npos || origin[end] != '.' || origin[begin] == '[') return std::nullopt;
  return FirstLabel{begin, end};
}

std::optional<std::string> plain_origin(std::string_view url) {
  const auto parsed = http::parse_url(url);
  if (!parsed || !(parsed->is_http() || parsed->is_https())) return std::nullopt;
  return parsed->origin();
}

std::optional<RegisteredOrigin> read_origin(std::string_view url, bool wildcards_allowed) {
  const auto star = url.find('*');
  const auto label = first_label(url);
  const bool in_label = label && label->begin <= star && star < label->end;
  if (star == std::string_view::npos || !in_label) {
    auto origin = plain_origin(url);
    if (!origin) return std::nullopt;
    return RegisteredOrigin{*origin, *origin};
  }
  if (!wildcards_allowed) return std::nullopt;
  // A digit in place of the star: what is a valid name with it is one with whatever the star stands for.
  std::string filled(url);
  filled[star] = '0';
  auto origin = plain_origin(filled);
  auto key = origin ? wildcard_key(*origin) : std::nullopt;
  if (!key) return std::nullopt;
  (*origin)[star] = '*';
  return RegisteredOrigin{std::move(*key), std::move(*origin)};
}

}  // namespace

std::vector<RegisteredOrigin> registered_origins(const model::Client& client) {
  std::vector<RegisteredOrigin> origins;
  for (const auto* list : {&client.callbacks, &client.web_origins, &client.allowed_origins})
    for (const std::string& url : *list)
      if (auto origin = read_origin(url, client.first_party)) origins.push_back(std::move(*origin));
  std::ranges::sort(origins);
  const auto repeated = std::ranges::unique(origins);
  origins.erase(repeated.begin(), repeated.end());
  return origins;
}

std::optional<std::string> wildcard_key(std::string_view origin) {
  const auto label = first_label(origin);
  if (!label) return std::nullopt;
  return std::string(origin.substr(0, label->begin)) + "*" + std::string(origin.substr(label->end));
}

bool matches_origin(std::string_view pattern, std::string_view origin) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == origin;
  const auto label = first_label(origin);
  if (!label || origin.size() < pattern.size()) return false;
  const auto tail = pattern.substr(star + 1);
  const auto tail_at = origin.size() - tail.size();
  // One character at least, and all of it within the first label.
  return origin.starts_with(pattern.substr(0, star)) && origin.ends_with(tail) && tail_at > star &&
         tail_at <= label->end;
}

}  // namespace symbolon::store
