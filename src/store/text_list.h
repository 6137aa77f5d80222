#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::store {

/// A list of free text in one column: a JSON array, or empty text for an empty list.
std::string pack_list(const std::vector<std::string>& list);
std::vector<std::string> unpack_list(std::string_view text);

}  // namespace symbolon::store
