#include "json/read.h"

#include <boost/json.hpp>
#include <cmath>

#include "json/convert.h"

namespace symbolon::json {
namespace {

template <class Convert>
auto find(const boost::json::object& object, std::string_view name, Convert convert)
    -> decltype(convert(boost::json::value())) {
  const boost::json::value* value = object.if_contains(name);
  if (value == nullptr) return std::nullopt;
  return convert(*value);
}

template <class Convert>
auto read(const boost::json::object& object, std::string_view name, std::string_view wanted, Convert convert)
    -> std::expected<decltype(convert(boost::json::value())), WrongType> {
  const boost::json::value* value = object.if_contains(name);
  if (value == nullptr) return std::nullopt;
  auto converted = convert(*value);
  if (!converted) return std::unexpected(WrongType{std::string(name), wanted});
  return converted;
}

std::optional<std::string> as_string(const boost::json::value& value) {
  const auto text = as_text(value);
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

}  // namespace

std::optional<std::string_view> as_text(const boost::json::value& value) {
  const boost::json::string* text = value.if_string();
  return text ? std::optional(std::string_view(text->data(), text->size())) : std::nullopt;
}

std::optional<bool> as_bool(const boost::json::value& value) {
  const bool* truth = value.if_bool();
  return truth ? std::optional(*truth) : std::nullopt;
}

std::optional<std::int64_t> as_integer(const boost::json::value& value) {
  if (const auto* number = value.if_int64()) return *number;
  // An unsigned value is one above the range of int64_t; smaller ones arrive as int64_t.
  if (const auto* number = value.if_uint64())
    return std::in_range<std::int64_t>(*number) ? std::optional(static_cast<std::int64_t>(*number)) : std::nullopt;
  const double* number = value.if_double();
  constexpr double kExact = 9007199254740992.0;  // 2^53: beyond it a double no longer names one integer
  if (number == nullptr || std::trunc(*number) != *number || std::abs(*number) > kExact) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

std::optional<double> as_number(const boost::json::value& value) {
  if (const auto* number = value.if_int64()) return static_cast<double>(*number);
  if (const auto* number = value.if_uint64()) return static_cast<double>(*number);
  const double* number = value.if_double();
  return number ? std::optional(*number) : std::nullopt;
}

std::optional<std::vector<std::string>> as_strings(const boost::json::value& value) {
  const boost::json::array* array = value.if_array();
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> strings;
  strings.reserve(array->size());
  for (const boost::json::value& element : *array) {
    const auto text = as_text(element);
    if (!text) return std::nullopt;
    strings.emplace_back(*text);
  }
  return strings;
}

bool has(const boost::json::object& object, std::string_view name) { return object.contains(name); }

std::optional<std::string> find_string(const boost::json::object& object, std::string_view name) {
  return find(object, name, as_string);
}
std::optional<std::string_view> find_text(const boost::json::object& object, std::string_view name) {
  return find(object, name, as_text);
}
std::optional<bool> find_bool(const boost::json::object& object, std::string_view name) {
  return find(object, name, as_bool);
}
std::optional<std::int64_t> find_integer(const boost::json::object& object, std::string_view name) {
  return find(object, name, as_integer);
}
std::optional<double> find_number(const boost::json::object& object, std::string_view name) {
  return find(object, name, as_number);
}
std::optional<std::vector<std::string>> find_strings(const boost::json::object& object, std::string_view name) {
  return find(object, name, as_strings);
}
const boost::json::object* find_object(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value ? value->if_object() : nullptr;
}
const boost::json::array* find_array(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value ? value->if_array() : nullptr;
}

std::string WrongType::describe() const { return member + " must be " + std::string(wanted); }

Read<std::string> read_string(const boost::json::object& object, std::string_view name) {
  return read(object, name, "a string", as_string);
}
Read<bool> read_bool(const boost::json::object& object, std::string_view name) {
  return read(object, name, "true or false", as_bool);
}
Read<std::int64_t> read_integer(const boost::json::object& object, std::string_view name) {
  return read(object, name, "an integer", as_integer);
}
Read<double> read_number(const boost::json::object& object, std::string_view name) {
  return read(object, name, "a number", as_number);
}
Read<std::vector<std::string>> read_strings(const boost::json::object& object, std::string_view name) {
  return read(object, name, "an array of strings", as_strings);
}

std::expected<const boost::json::object*, WrongType> read_object(const boost::json::object& object,
                                                                 std::string_view name) {
  const boost::json::object* found = find_object(object, name);
  if (found == nullptr && has(object, name)) return std::unexpected(WrongType{std::string(name), "an object"});
  return found;
}
std::expected<const boost::json::array*, WrongType> read_array(const boost::json::object& object,
                                                               std::string_view name) {
  const boost::json::array* found = find_array(object, name);
  if (found == nullptr && has(object, name)) return std::unexpected(WrongType{std::string(name), "an array"});
  return found;
}

}  // namespace symbolon::json
