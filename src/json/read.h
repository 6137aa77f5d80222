#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::json {

// find_x: the member if it is there and of the type, else nothing. For what may be ignored when it makes no sense.

bool has(const boost::json::object& object, std::string_view name);
std::optional<std::string> find_string(const boost::json::object& object, std::string_view name);
/// Like find_string without a copy; valid as long as `object` is.
std::optional<std::string_view> find_text(const boost::json::object& object, std::string_view name);
std::optional<bool> find_bool(const boost::json::object& object, std::string_view name);
/// A number without a fraction that fits; `3.0` counts as 3.
std::optional<std::int64_t> find_integer(const boost::json::object& object, std::string_view name);
/// Any number, as for NumericDate (RFC 7519 §2).
std::optional<double> find_number(const boost::json::object& object, std::string_view name);
/// An array of nothing but strings.
std::optional<std::vector<std::string>> find_strings(const boost::json::object& object, std::string_view name);
const boost::json::object* find_object(const boost::json::object& object, std::string_view name);
const boost::json::array* find_array(const boost::json::object& object, std::string_view name);

/// A member that is there, but is of another type; null is another type as well.
struct WrongType {
  std::string member;
  std::string_view wanted;  ///< "a string", "an integer", …

  /// `nonce must be a string`
  std::string describe() const;
};
template <class T>
using Read = std::expected<std::optional<T>, WrongType>;

// read_x: the same, but tells absence from a wrong type. For whatever a check depends on: an `nbf` of the wrong type
// must not pass as no `nbf`.

[[nodiscard]] Read<std::string> read_string(const boost::json::object& object, std::string_view name);
[[nodiscard]] Read<bool> read_bool(const boost::json::object& object, std::string_view name);
[[nodiscard]] Read<std::int64_t> read_integer(const boost::json::object& object, std::string_view name);
[[nodiscard]] Read<double> read_number(const boost::json::object& object, std::string_view name);
[[nodiscard]] Read<std::vector<std::string>> read_strings(const boost::json::object& object, std::string_view name);
/// Null pointer when absent.
[[nodiscard]] std::expected<const boost::json::object*, WrongType> read_object(const boost::json::object& object,
                                                                               std::string_view name);
[[nodiscard]] std::expected<const boost::json::array*, WrongType> read_array(const boost::json::object& object,
                                                                             std::string_view name);

}  // namespace symbolon::json
