#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "http/address.h"
#include "http/url.h"
#include "management/schema_validator.h"

namespace symbolon::management {
namespace {

bool is_alphanumeric(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

// Letters, digits and single inner hyphens (management-api §2.2).
bool is_connection_name(std::string_view value) {
  if (value.empty() || value.size() > 128 || value.front() == '-' || value.back() == '-') return false;
  if (value.find("--") != std::string_view::npos) return false;
  return std::ranges::all_of(value, [](char letter) { return is_alphanumeric(letter) || letter == '-'; });
}

bool is_identifier(std::string_view value, std::string_view prefix, std::size_t length) {
  return value.size() == prefix.size() + length && value.starts_with(prefix) &&
         std::ranges::all_of(value.substr(prefix.size()), is_alphanumeric);
}

bool is_url(std::string_view value, bool https_only) {
  const auto url = http::parse_url(value);
  return url && (url->is_https() || (!https_only && url->is_http()));
}

bool is_dns_name(std::string_view value) {
  if (value.empty() || value.size() > 253) return false;
  std::size_t label = 0;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    if (i == value.size() || value[i] == '.') {
      if (label == 0 || label > 63 || value[i - 1] == '-') return false;
      label = 0;
    } else if (is_alphanumeric(value[i]) || (value[i] == '-' && label > 0) || value[i] == '_') {
      ++label;
    } else {
      return false;
    }
  }
  return true;
}

// A domain of home realm discovery, typed in any case and possibly not yet as an A-label.
bool is_email_domain(std::string_view value) {
  return is_dns_name(value) || (value.size() <= 256 && value.find_first_of("@*:/ \t") == std::string_view::npos &&
                                count_code_points(value).has_value() && value.find('.') != std::string_view::npos &&
                                std::ranges::any_of(value, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }));
}

bool is_origin(std::string_view value) {
  const auto url = http::parse_url(value);
  return url && !url->host.empty() && (url->path.empty() || url->path == "/") && !url->query && !url->fragment;
}

// A wildcard in the left-most label stands for one label, so it is judged as if it were one.
bool is_callback(std::string_view value) {
  std::string text(value);
  if (const auto star = text.find('*'); star != std::string::npos) {
    const auto host = text.find("://");
    const auto dot = text.find('.', star);
    if (host == std::string::npos || text.find_first_of("./", host + 3) < star || dot == std::string::npos) return false;
    if (text.find('*', star + 1) != std::string::npos) return false;
    if (text.find('.', dot + 1) == std::string::npos) return false;  // https://*.com
    text[star] = 'x';
  }
  const auto url = http::parse_url(text);
  if (!url || url->fragment) return false;
  if (url->is_https() || url->is_http()) return true;
  // RFC 8252 §7.1: a private-use scheme is a reversed domain name, which keeps javascript: and data: out.
  return url->scheme.find('.') != std::string::npos;
}

bool is_color(std::string_view value) {
  return (value.size() == 4 || value.size() == 7) && value[0] == '#' &&
         value.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

bool is_date_time(std::string_view value) {
  // 2026-08-20T10:11:12[.345](Z|+02:00)
  if (value.size() < 20 || value[4] != '-' || value[7] != '-' || value[10] != 'T' || value[13] != ':' ||
      value[16] != ':')
    return false;
  for (const std::size_t at : {0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18})
    if (value[at] < '0' || value[at] > '9') return false;
  return value.back() == 'Z' || value.find_first_of("+-", 19) != std::string_view::npos;
}

using Check = bool (*)(std::string_view);
constexpr std::array<std::pair<std::string_view, Check>, 16> kFormats{{
    {"connection-name", is_connection_name},
    {"connection-id", [](std::string_view v) { return is_identifier(v, "con_", 16); }},
    {"client-id", [](std::string_view v) { return !v.empty() && v.size() <= 64 && v.find_first_of(" \t\r\n") == v.npos; }},
    {"https-url", [](std::string_view v) { return is_url(v, true); }},
    {"web-url", [](std::string_view v) { return is_url(v, false); }},
    {"https-url-or-empty", [](std::string_view v) { return v.empty() || is_url(v, true); }},
    {"absolute-uri-or-empty", [](std::string_view v) { return v.empty() || http::parse_url(v).has_value(); }},
    {"callback-url", is_callback},
    {"origin", is_origin},
    {"no-angle-brackets", [](std::string_view v) { return v.find_first_of("<>") == v.npos; }},
    {"dns-name", is_dns_name},
    {"email-domain", is_email_domain},
    {"color", is_color},
    {"date-time", is_date_time},
    {"network", [](std::string_view v) { return http::parse_network(v).has_value(); }},
    {"phone-number", [](std::string_view v) {
       return v.size() >= 2 && v.size() <= 16 && v[0] == '+' &&
              v.find_first_not_of("0123456789", 1) == std::string_view::npos;
     }},
}};

}  // namespace

bool is_known_format(std::string_view format) {
  return std::ranges::any_of(kFormats, [&](const auto& known) { return known.first == format; });
}

bool matches_format(std::string_view format, std::string_view value) {
  for (const auto& [name, check] : kFormats)
    if (name == format) return check(value);
  return true;
}

}  // namespace symbolon::management
