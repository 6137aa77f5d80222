// Queries in Lucene's syntax: whatever can be read has an answer, and its negation has the other one.

#include "management/search_query.h"

#include <boost/json.hpp>
#include <string>

#include "check.h"

namespace {

using namespace symbolon;
using symbolon::management::SearchQuery;
using symbolon::management::SearchRules;

const SearchRules kRules{.folded = {"email", "name"}, .defaults = {"email", "name"}};

const boost::json::value& document() {
  static const boost::json::value kDocument = boost::json::parse(
      R"({"email":"Jane@example.com","name":"Jane","n":7,"b":true,"at":"2026-03-04T05:06:07.000Z","none":null,)"
      R"("list":[{"x":"1"},{"x":"2"}],"deep":{"a.b":{"c":"d"}}})");
  return kDocument;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(view(bytes, size));
  const auto query = SearchQuery::parse(text);
  if (!query) {
    check(!query.error().empty());
    return 0;
  }
  const bool matches = query->matches(document(), kRules);
  if (const auto negated = SearchQuery::parse("NOT (" + text + ")"))
    check(negated->matches(document(), kRules) != matches);
  if (query->is_everything()) check(matches);
  return 0;
}
