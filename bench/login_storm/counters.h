#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/fwd.hpp>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "login_storm/http_connection.h"
#include "login_storm/options.h"

namespace symbolon::bench {

/// The number at `path`, member names separated by dots; digits choose an array's element.
std::optional<double> find_number(const boost::json::value& document, std::string_view path);

/// The counters that the options name, in their order, as the broker reports them now. Empty when they name none.
Task<std::expected<std::vector<double>, Failure>> read_counters(boost::asio::any_io_executor executor,
                                                                const MeterOptions& meters);

}  // namespace symbolon::bench
