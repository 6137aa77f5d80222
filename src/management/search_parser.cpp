#include "management/search_parser.h"

#include <utility>

namespace symbolon::management {
namespace {

constexpr std::size_t kMaxBytes = 4000;
constexpr int kMaxDepth = 20;
constexpr int kMaxTerms = 200;
constexpr std::size_t kLeastPrefix = 3;
constexpr std::size_t kNone = std::string::npos;

bool is_space(char letter) { return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n'; }

SearchNode combine(SearchNode::Kind kind, SearchNode left, SearchNode right) {
  if (left.kind == kind) {
    left.children.push_back(std::move(right));
    return left;
  }
  SearchNode made{.kind = kind, .children = {}, .term = {}};
  made.children.push_back(std::move(left));
  made.children.push_back(std::move(right));
  return made;
}

SearchNode negated(SearchNode node) {
  SearchNode made{.kind = SearchNode::Kind::none, .children = {}, .term = {}};
  made.children.push_back(std::move(node));
  return made;
}

SearchNode leaf(SearchTerm term) { return {.kind = SearchNode::Kind::term, .children = {}, .term = std::move(term)}; }

}  // namespace

std::expected<SearchNode, std::string> SearchParser::parse() {
  if (text_.size() > kMaxBytes) return std::unexpected("The query is longer than 4000 bytes.");
  auto parsed = parse_alternatives({}, 0);
  if (!parsed) return parsed;
  skip_space();
  if (!at_end()) return std::unexpected("Cannot read the query at " + here());
  return parsed;
}

SearchParser::Parsed SearchParser::parse_alternatives(const std::string& field, int depth) {
  if (depth > kMaxDepth) return std::unexpected("The query is nested too deeply.");
  auto left = parse_conjunction(field, depth);
  while (left) {
    const bool spelled_out = take_any("OR", "||");
    skip_space();
    if (at_end() || peek() == ')') {
      if (spelled_out) return std::unexpected("A condition is missing after OR.");
      break;
    }
    auto right = parse_conjunction(field, depth);
    if (!right) return right;
    // `a -b` takes b away from what a finds; it does not ask for everything but b.
    const bool takes_away = !spelled_out && right->kind == SearchNode::Kind::none;
    left = combine(takes_away ? SearchNode::Kind::all : SearchNode::Kind::any, std::move(*left), std::move(*right));
  }
  return left;
}

SearchParser::Parsed SearchParser::parse_conjunction(const std::string& field, int depth) {
  auto left = parse_negatable(field, depth);
  while (left && take_any("AND", "&&")) {
    auto right = parse_negatable(field, depth);
    if (!right) return right;
    left = combine(SearchNode::Kind::all, std::move(*left), std::move(*right));
  }
  return left;
}

SearchParser::Parsed SearchParser::parse_negatable(const std::string& field, int depth) {
  bool negate = false;
  for (;;) {
    skip_space();
    const bool sign = peek() == '-' || peek() == '!';
    if (sign) ++at_;
    if (!sign && !take_word("NOT")) break;
    negate = !negate;
  }
  if (peek() == '+') ++at_;
  auto parsed = parse_primary(field, depth);
  if (parsed && negate) return negated(std::move(*parsed));
  return parsed;
}

SearchParser::Parsed SearchParser::parse_primary(const std::string& field, int depth) {
  skip_space();
  if (at_end()) return std::unexpected("The query ends where a condition is expected.");
  if (peek() == '(' || peek() == '"') return parse_value(field, depth);
  std::string own = read_field();
  return parse_value(own.empty() ? field : own, depth);
}

SearchParser::Parsed SearchParser::parse_value(const std::string& field, int depth) {
  if (++terms_ > kMaxTerms) return std::unexpected("The query has more than 200 conditions.");
  skip_space();
  if (peek() == '(') {
    ++at_;
    auto parsed = parse_alternatives(field, depth + 1);
    if (!parsed) return parsed;
    skip_space();
    if (peek() != ')') return std::unexpected("A closing parenthesis is missing.");
    ++at_;
    return parsed;
  }
  if (peek() == '"') {
    auto phrase = parse_quoted();
    if (!phrase) return std::unexpected(phrase.error());
    if (field == "_exists_") return leaf({.kind = SearchTerm::Kind::exists, .field = *phrase});
    return leaf({.field = field, .value = std::move(*phrase)});
  }
  if (field.empty() || field == "_exists_") return parse_word(field);
  if (peek() == '[' || peek() == '{') return parse_range(field);
  if (peek() == '>' || peek() == '<') return parse_comparison(field);
  return parse_word(field);
}

SearchParser::Parsed SearchParser::parse_range(const std::string& field) {
  SearchTerm term{.kind = SearchTerm::Kind::range, .field = field};
  term.with_value = text_[at_++] == '[';
  std::size_t wildcard = kNone;
  const auto read_end = [&]() -> std::expected<std::string, std::string> {
    skip_space();
    if (peek() == '"') return parse_quoted();
    std::string read = read_token("]}", wildcard);
    return read == "*" ? std::string() : read;
  };
  auto lower = read_end();
  if (!lower) return std::unexpected(lower.error());
  skip_space();
  if (!take_word("TO")) return std::unexpected("A range needs TO between its ends, as in [1 TO 5].");
  auto upper = read_end();
  if (!upper) return std::unexpected(upper.error());
  skip_space();
  if (peek() != ']' && peek() != '}') return std::unexpected("A range is not closed with ] or }.");
  term.with_upper = text_[at_++] == ']';
  term.value = std::move(*lower);
  term.upper = std::move(*upper);
  return leaf(std::move(term));
}

SearchParser::Parsed SearchParser::parse_comparison(const std::string& field) {
  SearchTerm term{.kind = SearchTerm::Kind::range, .field = field};
  const bool above = text_[at_++] == '>';
  const bool with_end = peek() == '=';
  if (with_end) ++at_;
  std::size_t wildcard = kNone;
  std::string end;
  if (peek() == '"') {
    auto phrase = parse_quoted();
    if (!phrase) return std::unexpected(phrase.error());
    end = std::move(*phrase);
  } else {
    end = read_token("()", wildcard);
  }
  if (end.empty()) return std::unexpected("A value is missing after the comparison of " + field + ".");
  (above ? term.value : term.upper) = std::move(end);
  (above ? term.with_value : term.with_upper) = with_end;
  return leaf(std::move(term));
}

SearchParser::Parsed SearchParser::parse_word(const std::string& field) {
  std::size_t wildcard = kNone;
  std::string word = read_token("()\"[]{}", wildcard);
  if (word.empty() && at_end()) return std::unexpected("The query ends where a condition is expected.");
  if (word.empty()) return std::unexpected("Cannot read the query at " + here());
  if (word == "AND" || word == "OR") return std::unexpected("A condition is missing before " + word + ".");
  if (field == "_exists_") return leaf({.kind = SearchTerm::Kind::exists, .field = std::move(word)});
  if (wildcard == kNone) return leaf({.field = field, .value = std::move(word)});
  if (word == "*" && !field.empty()) return leaf({.kind = SearchTerm::Kind::exists, .field = field});
  if (word == "*") return SearchNode{};
  if (wildcard == 0) return std::unexpected("A wildcard cannot stand at the front of a value.");
  if (wildcard + 1 != word.size() || word.back() != '*')
    return std::unexpected("Only * at the end of a value is supported as a wildcard.");
  word.pop_back();
  if (word.size() < kLeastPrefix) return std::unexpected("A wildcard needs at least three characters in front of it.");
  return leaf({.kind = SearchTerm::Kind::prefix, .field = field, .value = std::move(word)});
}

std::expected<std::string, std::string> SearchParser::parse_quoted() {
  std::string phrase;
  for (++at_; !at_end(); ++at_) {
    if (peek() == '"') {
      ++at_;
      return phrase;
    }
    if (peek() == '\\' && at_ + 1 < text_.size()) ++at_;
    phrase.push_back(peek());
  }
  return std::unexpected("A quotation mark is missing at the end of a phrase.");
}

void SearchParser::skip_space() {
  while (is_space(peek())) ++at_;
}

bool SearchParser::take_word(std::string_view word) {
  skip_space();
  if (!text_.substr(at_).starts_with(word)) return false;
  const std::size_t end = at_ + word.size();
  if (end < text_.size() && !is_space(text_[end]) && text_[end] != '(') return false;
  at_ = end;
  return true;
}

bool SearchParser::take_any(std::string_view first, std::string_view second) {
  return take_word(first) || take_word(second);
}

std::string SearchParser::read_token(std::string_view ends, std::size_t& wildcard) {
  std::string token;
  for (; !at_end() && !is_space(peek()) && !ends.contains(peek()); ++at_) {
    if (peek() == '\\' && at_ + 1 < text_.size()) {
      ++at_;
    } else if ((peek() == '*' || peek() == '?') && wildcard == kNone) {
      wildcard = token.size();
    }
    token.push_back(peek());
  }
  return token;
}

std::string SearchParser::read_field() {
  const std::size_t start = at_;
  std::size_t wildcard = kNone;
  std::string field = read_token(":()\"[]{}", wildcard);
  if (peek() == ':' && !field.empty() && wildcard == kNone) {
    ++at_;
    return field;
  }
  at_ = start;
  return {};
}

std::string SearchParser::here() const {
  return "'" + std::string(text_.substr(at_, 20)) + "' (character " + std::to_string(at_ + 1) + ").";
}

}  // namespace symbolon::management
