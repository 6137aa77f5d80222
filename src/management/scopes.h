#pragma once

#include <string>
#include <vector>

namespace symbolon::management {

/// Every scope of the Management API (management-api §5.5). All of them exist, also those of features that this server
/// lacks: tools ask for them by name and would fail on the first unknown one.
const std::vector<std::string>& scope_catalogue();

}  // namespace symbolon::management
