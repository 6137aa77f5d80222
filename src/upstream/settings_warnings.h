#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "model/upstream_settings.h"

namespace symbolon::upstream {

/// What an administrator should know about a configuration that works: weak spots, and options whose stronger
/// counterpart the server keeps (RP-2a, RP-23, RP-61, RP-66, design §8). For the connection's status; sentences.
std::vector<std::string> find_settings_warnings(const model::UpstreamSettings& settings,
                                                const boost::json::object& oidc_metadata);

}  // namespace symbolon::upstream
