#include "login_storm/url.h"

#include <algorithm>

#include "base/text.h"

namespace symbolon::bench {
namespace {

int hex_value(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return -1;
}

bool is_unreserved(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '-' || letter == '.' || letter == '_' || letter == '~';
}

std::string without_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  bool ends_in_folder = false;
  for (std::size_t at = 1; at <= path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, slash - at);
    ends_in_folder = segment == "." || segment == "..";
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (!ends_in_folder) kept.push_back(segment);
    at = slash + 1;
  }
  std::string out;
  for (const std::string_view segment : kept) out.append("/").append(segment);
  if (ends_in_folder || out.empty()) out.push_back('/');
  return out;
}

}  // namespace

std::optional<Url> parse_http_url(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  if (text.size() <= kScheme.size() || !equals_ignoring_case(text.substr(0, kScheme.size()), kScheme))
    return std::nullopt;
  text = text.substr(kScheme.size());
  text = text.substr(0, text.find('#'));
  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  const std::string_view authority = text.substr(0, end);
  if (authority.empty() || authority.find_first_of("@\\ ") != std::string_view::npos) return std::nullopt;

  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  Url url{.host = to_lower_ascii(authority.substr(0, colon)), .port = "80", .target = std::string(text.substr(end))};
  if (colon != std::string_view::npos) url.port = authority.substr(colon + 1);
  const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
  if (url.host.empty() || url.port.empty() || !std::ranges::all_of(url.port, is_digit)) return std::nullopt;
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

std::string resolve(std::string_view base, std::string_view reference) {
  base = base.substr(0, base.find('#'));
  reference = reference.substr(0, reference.find('#'));
  const std::size_t colon = reference.find(':');
  if (colon != std::string_view::npos && colon < reference.find_first_of("/?")) return std::string(reference);

  const std::size_t scheme_end = base.find("://");
  const std::size_t authority = scheme_end == std::string_view::npos ? 0 : scheme_end + 3;
  if (reference.starts_with("//")) return std::string(base.substr(0, base.find(':') + 1)).append(reference);

  const std::size_t path_start = std::min(base.find_first_of("/?", authority), base.size());
  const std::string origin(base.substr(0, path_start));
  const std::string_view base_path = base.substr(path_start, base.find('?', path_start) - path_start);
  if (reference.empty()) return std::string(base);
  if (reference.starts_with('?')) return origin + std::string(base_path).append(reference);

  const std::size_t query = std::min(reference.find('?'), reference.size());
  std::string path(reference.substr(0, query));
  if (!path.starts_with('/')) {
    const std::size_t folder = base_path.rfind('/');
    path.insert(0, folder == std::string_view::npos ? "/" : base_path.substr(0, folder + 1));
  }
  return origin + without_dot_segments(path).append(reference.substr(query));
}

std::string_view query_of(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t mark = url.find('?');
  return mark == std::string_view::npos ? std::string_view{} : url.substr(mark + 1);
}

bool leads_to(std::string_view url, std::string_view endpoint) {
  if (!url.starts_with(endpoint)) return false;
  const std::string_view rest = url.substr(endpoint.size());
  const bool has_query = endpoint.find('?') != std::string_view::npos;
  return rest.empty() || rest.starts_with('#') || rest.starts_with(has_query ? '&' : '?');
}

std::string form_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      out.push_back(static_cast<char>(high << 4 | low));
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

Parameters parse_form(std::string_view text) {
  Parameters out;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    out.emplace_back(form_decode(pair.substr(0, equals)), form_decode(pair.substr(std::min(equals + 1, pair.size()))));
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char letter : text) {
    if (is_unreserved(letter)) {
      out.push_back(letter);
      continue;
    }
    const auto byte = static_cast<unsigned char>(letter);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 0xf]);
  }
  return out;
}

std::string encode_form(const Parameters& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out.push_back('&');
    out.append(percent_encode(name)).append("=").append(percent_encode(value));
  }
  return out;
}

std::string with_query(std::string_view url, const Parameters& parameters) {
  std::string out(url);
  if (parameters.empty()) return out;
  out.push_back(url.find('?') == std::string_view::npos ? '?' : '&');
  return out.append(encode_form(parameters));
}

std::string value_of(const Parameters& parameters, std::string_view name) {
  for (const auto& [key, value] : parameters)
    if (key == name) return value;
  return {};
}

}  // namespace symbolon::bench
