#pragma once

#include <optional>
#include <string_view>

namespace symbolon::upstream {

// Parts of JSON text as they were written: numbers keep every digit, also those that no machine number holds.
// `json` must have been parsed before; on anything else the result is nullopt or some part of it.

/// The text of the member `name` of the object that `json` is.
std::optional<std::string_view> member_text(std::string_view json, std::string_view name);

/// The text of the first element of the array that `json` is.
std::optional<std::string_view> first_element_text(std::string_view json);

}  // namespace symbolon::upstream
