#include "http/url.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "http/address.h"
#include "http/form.h"

namespace symbolon::http {
namespace {

bool is_alpha(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_hex(char letter) {
  return is_digit(letter) || (letter >= 'a' && letter <= 'f') || (letter >= 'A' && letter <= 'F');
}

// Printable ASCII without the characters that one parser ends or rewrites a URL at and another keeps (threats T18).
bool has_only_url_characters(std::string_view text) {
  return std::ranges::all_of(text, [](char letter) {
    return letter > 0x20 && letter < 0x7f && letter != '\\' && letter != '"' && letter != '<' && letter != '>' &&
           letter != '`';
  });
}

bool has_only_whole_escapes(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return false;
  return true;
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_alpha(text.front()) && std::ranges::all_of(text, [](char letter) {
    return is_alpha(letter) || is_digit(letter) || letter == '+' || letter == '-' || letter == '.';
  });
}

bool is_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && text.front() != '0' && value <= 65535;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(
             label, [](char letter) { return is_alpha(letter) || is_digit(letter) || letter == '-' || letter == '_'; });
}

// What inet_aton() would read as a number, so that `0x7f.1` and `2130706433` are never taken for names.
bool looks_numeric(std::string_view label) {
  const bool hex = label.size() >= 2 && label[0] == '0' && (label[1] == 'x' || label[1] == 'X');
  return hex ? std::ranges::all_of(label.substr(2), is_hex) : std::ranges::all_of(label, is_digit);
}

bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  std::string_view label;
  for (std::string_view rest = host;; rest.remove_prefix(label.size() + 1)) {
    label = rest.substr(0, rest.find('.'));
    if (!is_label(label)) return false;
    if (label.size() == rest.size()) break;
  }
  return !looks_numeric(label) || parse_address(host).has_value();
}

bool is_host(std::string_view host) {
  if (!host.starts_with('[')) return is_host_name(host);
  if (!host.ends_with(']')) return false;
  const auto literal = host.substr(1, host.size() - 2);
  return literal.contains(':') && parse_address(literal).has_value();
}

// `text` is what stands between "//" and the next of "/?#".
bool parse_authority(std::string_view text, Url& url) {
  const auto port_at = text.find(':', text.starts_with('[') ? std::min(text.find(']'), text.size()) : 0);
  const auto host = text.substr(0, port_at);
  if (!is_host(host)) return false;
  url.host = to_lower_ascii(host);
  if (port_at == std::string_view::npos) return true;
  const auto port = text.substr(port_at + 1);
  if (port.empty() || !is_port(port)) return false;
  url.port = port;
  return true;
}

bool is_default_port(const Url& url) {
  return (url.scheme == "https" && url.port == "443") || (url.scheme == "http" && url.port == "80");
}

}  // namespace

std::string Url::authority() const { return port.empty() ? host : host + ":" + port; }

std::string Url::origin() const { return scheme + "://" + (is_default_port(*this) ? host : authority()); }

std::string Url::str() const {
  std::string out = scheme + (host.empty() ? ":" : "://") + authority() + path;
  if (query) out += "?" + *query;
  if (fragment) out += "#" + *fragment;
  return out;
}

bool Url::is_loopback() const {
  if (host == "localhost") return true;
  const auto literal = host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
  const auto address = parse_address(literal);
  return address && address->is_loopback();
}

std::optional<Url> parse_url(std::string_view text) {
  if (!has_only_url_characters(text) || !has_only_whole_escapes(text)) return std::nullopt;
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon))) return std::nullopt;

  Url url;
  url.scheme = to_lower_ascii(text.substr(0, colon));
  std::string_view rest = text.substr(colon + 1);
  if (const auto at = rest.find('#'); at != std::string_view::npos) {
    url.fragment = rest.substr(at + 1);
    if (url.fragment->contains('#')) return std::nullopt;
    rest = rest.substr(0, at);
  }
  if (const auto at = rest.find('?'); at != std::string_view::npos) {
    url.query = rest.substr(at + 1);
    rest = rest.substr(0, at);
  }
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const auto end = std::min(rest.find('/'), rest.size());
    if (!parse_authority(rest.substr(0, end), url)) return std::nullopt;
    rest.remove_prefix(end);
  } else if (url.is_http() || url.is_https() || !rest.starts_with('/')) {
    return std::nullopt;
  }
  url.path = rest;
  return url;
}

std::string with_query(std::string_view url, const std::vector<std::pair<std::string, std::string>>& parameters) {
  if (parameters.empty()) return std::string(url);
  const auto hash = std::min(url.find('#'), url.size());
  std::string out(url.substr(0, hash));
  if (!out.contains('?')) {
    out.push_back('?');
  } else if (!out.ends_with('?') && !out.ends_with('&')) {
    out.push_back('&');
  }
  out += encode_form(parameters);
  out += url.substr(hash);
  return out;
}

std::string with_fragment(std::string_view url, const std::vector<std::pair<std::string, std::string>>& parameters) {
  return std::string(url.substr(0, url.find('#'))) + "#" + encode_form(parameters);
}

}  // namespace symbolon::http
