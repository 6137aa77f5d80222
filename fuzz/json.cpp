// Strict JSON against Boost's own parser: ours accepts less, and only for reasons that it names.

#include <boost/json.hpp>

#include "check.h"
#include "json/fields.h"
#include "json/parse.h"
#include "json/text.h"

namespace {

struct Sample {
  std::string text;
  int number = 0;
  std::vector<std::string> words;
  std::optional<bool> maybe;
};
template <class V>
void fields(V& v, Sample& s) {
  v("a", s.text);
  v("b", s.number);
  v("c", s.words);
  v("d", s.maybe);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace symbolon;
  using Code = json::ParseError::Code;
  const std::string_view text = view(bytes, size);
  const auto strict = json::parse(text);
  boost::json::error_code error;
  const boost::json::value theirs = boost::json::parse(text, error);
  if (strict) {
    check(!error && *strict == theirs);
    const std::string script = json::serialize_for_script(*strict);
    check(script.find_first_of("<>&") == std::string::npos);
    check(json::parse(script).has_value());
  } else {
    check(strict.error().offset <= size);
    check(error || strict.error().code == Code::duplicate_member || strict.error().code == Code::number_range);
    check(!json::describe(strict.error()).empty());
  }
  check(strict || !json::parse_object(text));

  const auto lenient = json::parse(text, {.refuse_duplicates = false});
  if (lenient) check(*lenient == theirs);

  const auto sample = json::parse_fields<Sample>(text);
  if (sample)
    check(json::serialize_fields(*json::parse_fields<Sample>(json::serialize_fields(*sample))) ==
          json::serialize_fields(*sample));
  return 0;
}
