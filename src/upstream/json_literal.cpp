#include "upstream/json_literal.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "json/parse.h"

namespace symbolon::upstream {
namespace {

// Behind the string that starts at `at`.
std::size_t string_end(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at)
    if (json[at] == '\\') ++at;
  return std::min(at + 1, json.size());
}

std::size_t value_end(std::string_view json, std::size_t at) {
  std::size_t depth = 0;
  while (at < json.size()) {
    const char letter = json[at];
    if (letter == '"') {
      at = string_end(json, at);
      if (depth == 0) return at;
      continue;
    }
    const bool closes = letter == '}' || letter == ']';
    if (depth == 0 && (closes || letter == ',')) return at;
    if (letter == '{' || letter == '[') ++depth;
    ++at;
    if (closes && --depth == 0) return at;
  }
  return at;
}

std::size_t skip_space(std::string_view json, std::size_t at) {
  return std::min(json.find_first_not_of(" \t\r\n", at), json.size());
}

bool is_name(std::string_view quoted, std::string_view name) {
  if (!quoted.contains('\\')) return quoted.size() >= 2 && quoted.substr(1, quoted.size() - 2) == name;
  const auto parsed = json::parse(quoted);
  return parsed && parsed->is_string() && parsed->get_string() == name;
}

}  // namespace

std::optional<std::string_view> member_text(std::string_view json, std::string_view name) {
  std::size_t at = skip_space(json, 0);
  if (at >= json.size() || json[at] != '{') return std::nullopt;
  for (++at; (at = skip_space(json, at)) < json.size() && json[at] == '"';) {
    const std::size_t key_end = string_end(json, at);
    const auto key = json.substr(at, key_end - at);
    at = skip_space(json, std::min(json.find(':', key_end), json.size() - 1) + 1);
    const std::size_t end = value_end(json, at);
    if (is_name(key, name)) return trim(json.substr(at, end - at));
    at = skip_space(json, end);
    if (at < json.size() && json[at] == ',') ++at;
  }
  return std::nullopt;
}

std::optional<std::string_view> first_element_text(std::string_view json) {
  const std::size_t at = skip_space(json, 0);
  if (at >= json.size() || json[at] != '[') return std::nullopt;
  const std::size_t start = skip_space(json, at + 1);
  const auto text = trim(json.substr(start, value_end(json, start) - start));
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace symbolon::upstream
