#pragma once

#include <boost/json/fwd.hpp>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/upstream_settings.h"
#include "upstream/effective_settings.h"

// The rules by which options are brought into their stored form (management-api §2.6), as far as they need no network.
namespace symbolon::upstream {

/// Where a provider's configuration is looked up: discovery_url, for okta its domain, else the issuer (RP-1, RP-2).
/// Empty when the options name nothing.
std::string discovery_source(model::Strategy strategy, const boost::json::object& options);

/// N-3: fills issuer, authorization_endpoint, token_endpoint, userinfo_endpoint and jwks_uri from `metadata` where the
/// option is absent, null or empty. What was given stays, even where it contradicts the document.
void fill_from_metadata(boost::json::object& options, const boost::json::object& metadata);

/// N-2: the four switches that a stored document always shows, false where the provider left them out.
void add_metadata_defaults(boost::json::object& metadata);

/// Scopes of the options: `scope`, else its spelling `scopes`; text separated by spaces or commas, or an array
/// (N-5). For oauth2 a comma is part of a scope, since some providers separate scopes with it on the wire. Refuses a
/// list without openid for oidc and okta (N-6), and characters outside RFC 6749 §3.3. Empty when none is given.
std::expected<std::vector<std::string>, SettingsError> read_scopes(model::Strategy strategy,
                                                                   const boost::json::object& options);

/// N-5: writes the scopes to `scope`, and to `scopes` when that member is there. Leaves an oauth2 `scope` as it was
/// sent.
std::expected<void, SettingsError> normalise_scopes(model::Strategy strategy, boost::json::object& options);

/// Scopes that a request adds (login-runtime AZ-9): separated by commas or spaces, malformed ones left out.
std::vector<std::string> split_requested_scopes(std::string_view text);

}  // namespace symbolon::upstream
