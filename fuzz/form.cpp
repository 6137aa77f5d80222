// Forms: what was read, written and read again is the same, and the strict reading has no name twice.

#include "http/form.h"

#include <set>
#include <string>

#include "check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace symbolon;
  const std::string_view text = view(bytes, size);
  const auto lenient = http::Form::parse_lenient(text);
  const auto strict = http::Form::parse(text);
  check(lenient.has_value() || !strict.has_value());
  if (lenient) {
    check(lenient->all().size() <= http::Form::kMaxParameters);
    const auto again = http::Form::parse_lenient(http::encode_form(lenient->all()));
    check(again && again->all() == lenient->all());
    check(strict.has_value() == !http::find_repeated(text).has_value());
  }
  if (strict) {
    std::set<std::string> names;
    for (const auto& [name, value] : strict->all()) {
      check(names.insert(name).second);
      check(strict->get(name) == value && strict->mentions(name));
    }
  }
  if (const auto decoded = http::percent_decode(text))
    check(http::percent_decode(http::percent_encode(*decoded)) == decoded);
  return 0;
}
