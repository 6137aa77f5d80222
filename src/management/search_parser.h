#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "management/search_query.h"

namespace symbolon::management {

/// Reads one query from its text (SearchQuery::parse). Refuses what is longer than 4,000 bytes, nested deeper than 20 or
/// of more than 200 conditions.
class SearchParser {
 public:
  explicit SearchParser(std::string_view text) : text_(text) {}

  std::expected<SearchNode, std::string> parse();

 private:
  using Parsed = std::expected<SearchNode, std::string>;

  Parsed parse_alternatives(const std::string& field, int depth);
  Parsed parse_conjunction(const std::string& field, int depth);
  Parsed parse_negatable(const std::string& field, int depth);
  Parsed parse_primary(const std::string& field, int depth);
  Parsed parse_value(const std::string& field, int depth);
  Parsed parse_range(const std::string& field);
  Parsed parse_comparison(const std::string& field);
  Parsed parse_word(const std::string& field);
  std::expected<std::string, std::string> parse_quoted();

  void skip_space();
  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  /// Takes the operator if it stands here as a word of its own.
  bool take_word(std::string_view word);
  bool take_any(std::string_view first, std::string_view second);
  /// Up to a character of `ends` or a space; `wildcard` is the place of the first unescaped `*` or `?`.
  std::string read_token(std::string_view ends, std::size_t& wildcard);
  /// The field in front of a colon; empty when the word here is none.
  std::string read_field();
  std::string here() const;

  std::string_view text_;
  std::size_t at_ = 0;
  int terms_ = 0;
};

}  // namespace symbolon::management
