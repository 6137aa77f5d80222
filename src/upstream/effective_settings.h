#pragma once

#include <boost/json/fwd.hpp>
#include <expected>
#include <string>
#include <vector>

#include "model/connection.h"

namespace symbolon::upstream {

/// What is wrong with stored options, named by member: `options.upstream_params.x.alias`.
struct SettingsError {
  std::string member;
  std::string message;
};

/// Resolves a connection's stored options and metadata into what a login acts on (login-runtime RP-1, RP-2a,
/// RP-23…26; management-api §2.5–2.8). Pure: no network. Unknown members are ignored; what cannot be acted on
/// safely is an error. Endpoints that neither source knows end up in `missing`.
std::expected<model::UpstreamSettings, SettingsError> resolve_settings(model::Strategy strategy,
                                                                       const boost::json::object& options,
                                                                       const boost::json::object& oidc_metadata,
                                                                       bool has_client_secret);

}  // namespace symbolon::upstream
