#pragma once

// For the files of json/ only: one value to one C++ type, or nothing.

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::json {

std::optional<std::string_view> as_text(const boost::json::value& value);
std::optional<bool> as_bool(const boost::json::value& value);
std::optional<std::int64_t> as_integer(const boost::json::value& value);
std::optional<double> as_number(const boost::json::value& value);
std::optional<std::vector<std::string>> as_strings(const boost::json::value& value);

}  // namespace symbolon::json
