#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "model/upstream_settings.h"
#include "upstream/option_reader.h"

namespace symbolon::upstream {

/// Reads `upstream_params` (RP-26): a name with {value}, {alias} or null. Refuses names that belong to the protocol and
/// aliases that no downstream request has.
std::vector<model::UpstreamParameter> read_upstream_params(OptionReader& options, model::Channel channel);

/// Reads `authParams` and `authParamsMap` of oauth2: fixed parameters, and downstream names to upstream ones. Names
/// that downstream requests never pass on are left out.
std::vector<model::UpstreamParameter> read_auth_params(OptionReader& options);

/// Whether `name` may be passed on from a downstream request.
bool is_alias(std::string_view name);

}  // namespace symbolon::upstream
