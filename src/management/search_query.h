#pragma once

#include <boost/json/fwd.hpp>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace symbolon::management {

/// What a search knows about the records that it runs over.
struct SearchRules {
  std::vector<std::string> folded;    ///< fields that are compared without case
  std::vector<std::string> defaults;  ///< fields that a word without a field is looked for in
};

/// One condition on one field.
struct SearchTerm {
  enum class Kind { exact, prefix, range, exists };
  Kind kind = Kind::exact;
  std::string field = {};  ///< dotted path; empty: the rules' defaults
  std::string value = {};  ///< the lower end of a range; empty there: open
  std::string upper = {};  ///< empty: open
  bool with_value = true;  ///< the ends belong to the range
  bool with_upper = true;
};

struct SearchNode {
  enum class Kind { all, any, none, term };
  Kind kind = Kind::all;
  std::vector<SearchNode> children;  ///< no child at all matches everything
  SearchTerm term;
};

/// A search in the part of Lucene's syntax that the contract names (management-api §4.2): `field:value`, phrases in
/// quotes, AND, OR, NOT, -, parentheses, `val*`, ranges, `_exists_:field`. Words that stand side by side are OR, one with
/// a minus takes away. Immutable.
class SearchQuery {
 public:
  /// Matches everything.
  SearchQuery() = default;
  /// The error says what cannot be read, for the caller.
  static std::expected<SearchQuery, std::string> parse(std::string_view text);

  bool matches(const boost::json::value& document, const SearchRules& rules) const;
  /// The one value that `field` must have in every match, if the query says so; then an index may be asked first.
  std::optional<std::string> required(std::string_view field) const;
  /// A moment before which no match has its `field`, a date, if the query says so.
  std::optional<Instant> required_since(std::string_view field) const;
  bool is_everything() const { return root_.kind == SearchNode::Kind::all && root_.children.empty(); }

 private:
  SearchNode root_;
};

}  // namespace symbolon::management
