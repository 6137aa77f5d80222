#include "json/parse.h"

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <cmath>
#include <stdexcept>

namespace symbolon::json {
namespace {

using boost::json::error_code;
using Code = ParseError::Code;

constexpr std::size_t kStackBytes = 4096;

/// The names of the members of all objects that are still open, in one text. Sorting them once an object ends keeps
/// the cost at n log n, where asking for each name would let 64 KiB of short names cost millions of comparisons.
class OpenMembers {
 public:
  void begin_object() { marks_.push_back({names_.size(), text_.size()}); }
  void add_part(std::string_view part) { text_.append(part); }
  void end_name() {
    const std::size_t start = names_.size() > marks_.back().names ? names_.back().end : marks_.back().text;
    names_.push_back({start, text_.size()});
  }
  /// True when a name occurred twice in the object that ends here.
  bool end_object() {
    const auto first = names_.begin() + static_cast<std::ptrdiff_t>(marks_.back().names);
    const auto name = [this](const Span& span) {
      return std::string_view(text_).substr(span.start, span.end - span.start);
    };
    std::ranges::sort(first, names_.end(), {}, name);
    const bool repeated = std::ranges::adjacent_find(first, names_.end(), {}, name) != names_.end();
    names_.erase(first, names_.end());
    text_.resize(marks_.back().text);
    marks_.pop_back();
    return repeated;
  }

 private:
  struct Span {
    std::size_t start, end;
  };
  struct Mark {
    std::size_t names, text;
  };
  std::string text_;
  std::vector<Span> names_;
  std::vector<Mark> marks_;
};

/// What Boost's own parser does, and the two checks that it lacks.
struct Handler {
  static constexpr std::size_t max_object_size = boost::json::object::max_size();
  static constexpr std::size_t max_array_size = boost::json::array::max_size();
  static constexpr std::size_t max_key_size = boost::json::string::max_size();
  static constexpr std::size_t max_string_size = boost::json::string::max_size();

  Handler(bool unique, unsigned char* buffer) : refuse_duplicates(unique), values({}, buffer, kStackBytes) {
    values.reset();
  }

  bool fail(error_code& out, Code code) {
    failure = code;
    out = boost::json::error::syntax;
    return false;
  }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) {
    members.begin_object();
    return true;
  }
  bool on_object_end(std::size_t count, error_code& error) {
    if (members.end_object() && refuse_duplicates) return fail(error, Code::duplicate_member);
    values.push_object(count);
    return true;
  }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t count, error_code&) {
    values.push_array(count);
    return true;
  }
  bool on_key_part(std::string_view part, std::size_t, error_code&) {
    members.add_part(part);
    values.push_chars(part);
    return true;
  }
  bool on_key(std::string_view part, std::size_t, error_code&) {
    members.add_part(part);
    members.end_name();
    values.push_key(part);
    return true;
  }
  bool on_string_part(std::string_view part, std::size_t, error_code&) {
    values.push_chars(part);
    return true;
  }
  bool on_string(std::string_view part, std::size_t, error_code&) {
    values.push_string(part);
    return true;
  }
  bool on_number_part(std::string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, std::string_view, error_code&) {
    values.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, std::string_view, error_code&) {
    values.push_uint64(number);
    return true;
  }
  bool on_double(double number, std::string_view, error_code& error) {
    if (!std::isfinite(number)) return fail(error, Code::number_range);
    values.push_double(number);
    return true;
  }
  bool on_bool(bool truth, error_code&) {
    values.push_bool(truth);
    return true;
  }
  bool on_null(error_code&) {
    values.push_null();
    return true;
  }
  bool on_comment_part(std::string_view, error_code&) { return true; }
  bool on_comment(std::string_view, error_code&) { return true; }

  bool refuse_duplicates;
  OpenMembers members;
  boost::json::value_stack values;
  std::optional<Code> failure;
};

Code code_of(const error_code& error) {
  if (error == boost::json::error::incomplete) return Code::incomplete;
  if (error == boost::json::error::too_deep) return Code::too_deep;
  if (error == boost::json::error::exponent_overflow) return Code::number_range;
  return Code::syntax;
}

}  // namespace

std::string_view to_string(ParseError::Code code) {
  switch (code) {
    case Code::too_long:
      return "too long";
    case Code::too_deep:
      return "too deeply nested";
    case Code::incomplete:
      return "incomplete";
    case Code::syntax:
      return "not valid JSON in UTF-8";
    case Code::number_range:
      return "a number is out of range";
    case Code::extra_text:
      return "something follows the value";
    case Code::duplicate_member:
      return "duplicate member name";
    case Code::not_an_object:
      return "not a JSON object";
  }
  throw std::logic_error("ParseError::Code outside its enumerators");
}

std::string describe(const ParseError& error) {
  return std::string(to_string(error.code)) + " at byte " + std::to_string(error.offset);
}

std::expected<boost::json::value, ParseError> parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes) return std::unexpected(ParseError{Code::too_long, limits.bytes});

  unsigned char buffer[kStackBytes];
  boost::json::parse_options options;
  options.max_depth = limits.depth;
  boost::json::basic_parser<Handler> parser(options, limits.refuse_duplicates, buffer);
  error_code error;
  const std::size_t consumed = parser.write_some(false, text.data(), text.size(), error);
  if (error) {
    const auto own = parser.handler().failure;
    return std::unexpected(ParseError{own ? *own : code_of(error), consumed});
  }
  if (consumed < text.size()) return std::unexpected(ParseError{Code::extra_text, consumed});
  return parser.handler().values.release();
}

std::expected<boost::json::object, ParseError> parse_object(std::string_view text, const Limits& limits) {
  auto value = parse(text, limits);
  if (!value) return std::unexpected(value.error());
  if (!value->is_object()) return std::unexpected(ParseError{Code::not_an_object, 0});
  return std::move(value->get_object());
}

}  // namespace symbolon::json
