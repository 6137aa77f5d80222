#include "upstream/redaction.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/text.h"
#include "http/form.h"
#include "json/parse.h"

namespace symbolon::upstream {
namespace {

constexpr std::size_t kShortestSecret = 4;
constexpr std::size_t kShortestJwt = 20;

bool is_word(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '_' || letter == '-' || letter == '.';
}

bool names_a_secret(std::string_view word) {
  static constexpr auto kWords = std::to_array<std::string_view>({"token", "secret", "code", "assertion", "password"});
  const std::string lower = to_lower_ascii(word);
  return std::ranges::any_of(kWords, [&](std::string_view part) { return lower.contains(part); });
}

std::size_t skip(std::string_view text, std::size_t at, std::string_view letters) {
  return std::min(text.find_first_not_of(letters, at), text.size());
}

// Behind the closing quote of the string that starts at `at`, or at the end when it is cut.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      return at + 1;
    }
  }
  return text.size();
}

std::size_t end_of_group(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    if (text[at] == '"') {
      at = end_of_string(text, at);
      continue;
    }
    if (text[at] == '{' || text[at] == '[') ++depth;
    if ((text[at] == '}' || text[at] == ']') && --depth == 0) return at + 1;
    ++at;
  }
  return text.size();
}

std::size_t end_of_value(std::string_view text, std::size_t at) {
  if (at >= text.size()) return text.size();
  if (text[at] == '"' || text[at] == '\'') return end_of_string(text, at);
  if (text[at] == '{' || text[at] == '[') return end_of_group(text, at);
  return std::min(text.find_first_of("\"'&,;<>{}[] \t\r\n", at), text.size());
}

// Where the value of the name that ends at `at` begins; npos when no value follows.
std::size_t value_of(std::string_view text, std::size_t at) {
  if (at < text.size() && (text[at] == '"' || text[at] == '\'')) ++at;
  at = skip(text, at, " \t");
  if (at >= text.size() || (text[at] != ':' && text[at] != '=')) return std::string_view::npos;
  return skip(text, at + 1, " \t\r\n");
}

bool is_scheme(std::string_view word) {
  return equals_ignoring_case(word, "bearer") || equals_ignoring_case(word, "basic");
}

bool looks_like_jwt(std::string_view word) {
  return word.size() >= kShortestJwt && word.starts_with("eyJ") && word.contains('.');
}

// One pass over the words of `text`; every part of it is looked at a bounded number of times.
std::string hide_by_name(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word(text[at])) {
      out.push_back(text[at++]);
      continue;
    }
    const std::size_t begin = at;
    const auto end = static_cast<std::size_t>(std::find_if_not(text.begin() + at, text.end(), is_word) - text.begin());
    const auto word = text.substr(begin, end - begin);
    out += looks_like_jwt(word) ? kRedacted : word;
    at = end;
    // Behind a slash stands a part of a URL: "https://token.example:8443" names no secret.
    const bool is_name = (begin == 0 || text[begin - 1] != '/') && names_a_secret(word);
    std::size_t value = is_name ? value_of(text, end) : std::string_view::npos;
    if (is_scheme(word) && end < text.size() && text[end] == ' ') value = skip(text, end, " ");
    if (value == std::string_view::npos || value == text.size()) continue;
    out.append(text.substr(end, value - end));
    const bool quoted = text[value] == '"';
    out.append(quoted ? "\"" : "").append(kRedacted).append(quoted ? "\"" : "");
    at = end_of_value(text, value);
  }
  return out;
}

std::string replace_all(std::string_view text, std::string_view what) {
  std::string out;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what)) {
    out.append(text.substr(0, at)).append(kRedacted);
    text.remove_prefix(at + what.size());
  }
  return out.append(text);
}

std::string json_form(std::string_view text) {
  const std::string quoted = boost::json::serialize(boost::json::value(text));
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

void Redaction::remember(std::string form) {
  if (std::ranges::find(hidden_, form) != hidden_.end()) return;
  hidden_.push_back(std::move(form));
  std::ranges::sort(hidden_, std::greater(), &std::string::size);
}

void Redaction::hide(std::string_view secret) {
  if (secret.size() < kShortestSecret) return;
  remember(std::string(secret));
  remember(http::percent_encode(secret));
  remember(json_form(secret));
}

std::string Redaction::hide_known(std::string_view text) const {
  std::string out(text);
  for (const std::string& secret : hidden_)
    if (out.contains(secret)) out = replace_all(out, secret);
  return out;
}

std::string Redaction::clean(std::string_view text, std::size_t limit) const {
  return printable(hide_by_name(hide_known(text)), limit);
}

std::string Redaction::excerpt(std::string_view body) const {
  if (const auto parsed = json::parse(body, {.refuse_duplicates = false}))
    return clean(boost::json::serialize(*parsed), kMaxExcerptBytes);
  return clean(body, kMaxExcerptBytes);
}

std::string without_query(std::string_view url) { return std::string(url.substr(0, url.find_first_of("?#"))); }

}  // namespace symbolon::upstream
