#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/clock.h"
#include "base/text.h"
#include "http/address.h"
#include "http/callback_url.h"
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

// Whether plain http is allowed depends on the client and the tenant, which no format knows (login-runtime RU-4).
bool is_callback(std::string_view value) {
  return !http::find_callback_problem(value, {.first_party = true, .allow_http = true});
}

// Names in braces stand for what is known when somebody signs in (management-api §3.4).
bool is_login_uri(std::string_view value) {
  std::string filled;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const auto end = value[at] == '{' ? value.find('}', at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      filled += value[at];
      continue;
    }
    filled += 'x';
    at = end;
  }
  const auto url = http::parse_url(filled);
  return url && (url->is_https() || (url->is_http() && url->is_loopback()));
}

// The first label may have a wildcard, as in callbacks (login-runtime RU-2).
bool is_origin(std::string_view value) {
  if (!is_callback(value)) return false;
  std::string text(value);
  std::ranges::replace(text, '*', 'x');
  const auto url = http::parse_url(text);
  return url && (url->is_https() || url->is_http()) && (url->path.empty() || url->path == "/") && !url->query;
}

bool is_color(std::string_view value) {
  return (value.size() == 4 || value.size() == 7) && value[0] == '#' &&
         value.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}


using Check = bool (*)(std::string_view);
constexpr std::array<std::pair<std::string_view, Check>, 17> kFormats{{
    {"connection-name", is_connection_name},
    {"connection-id", [](std::string_view v) { return is_identifier(v, "con_", 16); }},
    {"client-id", [](std::string_view v) { return !v.empty() && v.size() <= 64 && v.find_first_of(" \t\r\n") == v.npos; }},
    {"https-url", [](std::string_view v) { return is_url(v, true); }},
    {"web-url", [](std::string_view v) { return is_url(v, false); }},
    {"https-url-or-empty", [](std::string_view v) { return v.empty() || is_url(v, true); }},
    {"absolute-uri-or-empty", [](std::string_view v) { return v.empty() || http::parse_url(v).has_value(); }},
    {"login-uri-or-empty", [](std::string_view v) { return v.empty() || is_login_uri(v); }},
    {"callback-url", is_callback},
    {"origin", is_origin},
    {"no-angle-brackets", [](std::string_view v) { return v.find_first_of("<>") == v.npos; }},
    {"dns-name", is_dns_name},
    {"email-domain", is_email_domain},
    {"color", is_color},
    {"date-time", [](std::string_view v) { return from_iso8601(v).has_value(); }},
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

std::string explain_mismatch(std::string_view format, std::string_view value) {
  if (format != "callback-url") return {};
  return http::find_callback_problem(value, {.first_party = true, .allow_http = true}).value_or("");
}

bool matches_format(std::string_view format, std::string_view value) {
  for (const auto& [name, check] : kFormats)
    if (name == format) return check(value);
  return true;
}

}  // namespace symbolon::management
