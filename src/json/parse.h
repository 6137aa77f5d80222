#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace symbolon::json {

/// What a document may be before it is refused.
struct Limits {
  std::size_t bytes = 1024 * 1024;
  std::size_t depth = 32;  ///< nested objects and arrays
  /// Two readers of `{"sub":"a","sub":"b"}` may see two people, so members are unique unless a caller must be lenient;
  /// then the last one counts.
  bool refuse_duplicates = true;
};

struct ParseError {
  enum class Code {
    too_long,          ///< beyond Limits::bytes
    too_deep,          ///< beyond Limits::depth
    incomplete,        ///< ends in the middle, or is empty
    syntax,            ///< not JSON, or not UTF-8
    number_range,      ///< a number that no double can hold
    extra_text,        ///< something follows the value
    duplicate_member,  ///< an object has two members of one name
    not_an_object,     ///< parse_object() only
  };
  Code code;
  std::size_t offset;  ///< bytes read until it was noticed
};
std::string_view to_string(ParseError::Code code);

/// A sentence for whoever sent the text: `duplicate member name at byte 17`. Shows nothing of the text itself.
std::string describe(const ParseError& error);

/// Parses one JSON text (RFC 8259), nothing before or after it but white space.
[[nodiscard]] std::expected<boost::json::value, ParseError> parse(std::string_view text, const Limits& limits = {});

/// The same for texts that must be an object.
[[nodiscard]] std::expected<boost::json::object, ParseError> parse_object(std::string_view text,
                                                                          const Limits& limits = {});

}  // namespace symbolon::json
