#include "management/search_query.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "base/clock.h"
#include "base/text.h"
#include "management/search_parser.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

std::optional<double> read_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_date_only(std::string_view text) { return text.size() == 10 && text[4] == '-' && text[7] == '-'; }

std::optional<Instant> read_instant(std::string_view text) {
  if (is_date_only(text)) return from_iso8601(std::string(text) + "T00:00:00Z");
  return from_iso8601(text);
}

// A comparison of one value of a document with one text of a query, in the terms of the value.
std::optional<int> compare(const json::value& value, const std::string& text, bool folded) {
  const auto sign = [](auto left, auto right) { return left < right ? -1 : left > right ? 1 : 0; };
  if (value.is_number()) {
    const auto number = read_number(text);
    if (!number) return std::nullopt;
    return sign(value.to_number<double>(), *number);
  }
  if (value.is_bool()) {
    if (text != "true" && text != "false") return std::nullopt;
    return sign(value.get_bool() ? 1 : 0, text == "true" ? 1 : 0);
  }
  if (!value.is_string()) return std::nullopt;
  const std::string_view own = view(value.get_string());
  if (folded) return sign(to_lower_ascii(own).compare(to_lower_ascii(text)), 0);
  if (const auto wanted = read_instant(text))
    if (const auto at = read_instant(own)) return sign(*at, *wanted);
  return sign(own.compare(text), 0);
}

bool starts_with(const json::value& value, const std::string& prefix, bool folded) {
  if (!value.is_string()) return false;
  const std::string_view own = view(value.get_string());
  return folded ? to_lower_ascii(own).starts_with(to_lower_ascii(prefix)) : own.starts_with(prefix);
}

bool within(const json::value& value, const SearchTerm& term, bool folded) {
  if (!term.value.empty()) {
    const auto order = compare(value, term.value, folded);
    if (!order || *order < 0 || (*order == 0 && !term.with_value)) return false;
  }
  if (term.upper.empty()) return true;
  // A day as the upper end is meant with all its hours.
  if (is_date_only(term.upper) && term.with_upper && value.is_string()) {
    const auto day = read_instant(term.upper);
    const auto at = read_instant(view(value.get_string()));
    if (day && at) return *at < *day + std::chrono::hours(24);
  }
  const auto order = compare(value, term.upper, folded);
  return order && (*order < 0 || (*order == 0 && term.with_upper));
}

bool holds(const json::value& value, const SearchTerm& term, bool folded) {
  switch (term.kind) {
    case SearchTerm::Kind::exact: return compare(value, term.value, folded) == 0;
    case SearchTerm::Kind::prefix: return starts_with(value, term.value, folded);
    case SearchTerm::Kind::range: return within(value, term, folded);
    case SearchTerm::Kind::exists: return !value.is_null();
  }
  return false;
}

// Lists are looked through; of an object only its members are values.
bool find(const json::value& at, std::string_view path, const SearchTerm& term, bool folded) {
  if (at.is_array())
    return std::ranges::any_of(at.get_array(),
                               [&](const json::value& item) { return find(item, path, term, folded); });
  if (path.empty()) return (!at.is_object() || term.kind == SearchTerm::Kind::exists) && holds(at, term, folded);
  if (!at.is_object()) return false;
  // Names may have dots in them, as those of claims do: every way to cut the path is tried.
  for (std::size_t dot = path.find('.');; dot = path.find('.', dot + 1)) {
    const auto* member = at.get_object().if_contains(path.substr(0, dot));
    const std::string_view rest = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    if (member && find(*member, rest, term, folded)) return true;
    if (dot == std::string_view::npos) return false;
  }
}

// What an address has behind its @, searched for as email.domain.
bool find_domain(const json::value& document, const SearchTerm& term) {
  const auto* email = document.get_object().if_contains("email");
  if (!email || !email->is_string()) return false;
  const std::string_view address = view(email->get_string());
  const auto at = address.rfind('@');
  return at != std::string_view::npos && holds(json::value(address.substr(at + 1)), term, true);
}

bool holds(const json::value& document, const SearchTerm& term, const SearchRules& rules) {
  if (term.field == "email.domain") return find_domain(document, term);
  if (!term.field.empty()) return find(document, term.field, term, contains(rules.folded, term.field));
  return std::ranges::any_of(rules.defaults, [&](const std::string& field) {
    return find(document, field, term, contains(rules.folded, field));
  });
}

bool holds(const json::value& document, const SearchNode& node, const SearchRules& rules) {
  const auto child_holds = [&](const SearchNode& child) { return holds(document, child, rules); };
  switch (node.kind) {
    case SearchNode::Kind::all: return std::ranges::all_of(node.children, child_holds);
    case SearchNode::Kind::any: return std::ranges::any_of(node.children, child_holds);
    case SearchNode::Kind::none: return std::ranges::none_of(node.children, child_holds);
    case SearchNode::Kind::term: return holds(document, node.term, rules);
  }
  return false;
}

// The term of this kind on `field` that every match fulfils; null when the query names none.
const SearchTerm* required_term(const SearchNode& node, std::string_view field, SearchTerm::Kind kind) {
  if (node.kind == SearchNode::Kind::term)
    return node.term.kind == kind && node.term.field == field ? &node.term : nullptr;
  if (node.kind != SearchNode::Kind::all) return nullptr;
  for (const SearchNode& child : node.children)
    if (const SearchTerm* term = required_term(child, field, kind)) return term;
  return nullptr;
}

}  // namespace

std::expected<SearchQuery, std::string> SearchQuery::parse(std::string_view text) {
  SearchQuery query;
  if (trim(text).empty()) return query;
  auto root = SearchParser(text).parse();
  if (!root) return std::unexpected(root.error());
  query.root_ = std::move(*root);
  return query;
}

bool SearchQuery::matches(const json::value& document, const SearchRules& rules) const {
  return holds(document, root_, rules);
}

std::optional<std::string> SearchQuery::required(std::string_view field) const {
  const SearchTerm* term = required_term(root_, field, SearchTerm::Kind::exact);
  if (term == nullptr) return std::nullopt;
  return term->value;
}

std::optional<Instant> SearchQuery::required_since(std::string_view field) const {
  const SearchTerm* term = required_term(root_, field, SearchTerm::Kind::range);
  return term == nullptr ? std::nullopt : read_instant(term->value);
}

}  // namespace symbolon::management
