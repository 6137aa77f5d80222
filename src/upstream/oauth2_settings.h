#pragma once

#include <string>

#include "model/upstream_settings.h"
#include "upstream/option_reader.h"

namespace symbolon::upstream {

/// The part of an oauth2 connection that oidc ones do not have (management-api §2.8): authorizationURL, tokenURL,
/// userinfo_url, id_attribute, fieldsMap, authParams, authParamsMap, customHeaders, useOauthSpecScope.
void read_oauth2_settings(OptionReader& options, model::UpstreamSettings& settings);

/// ZITADEL's provider options, stored as `options.provider_options` in that product's spelling: isLinkingAllowed,
/// isCreationAllowed, isAutoCreation, isAutoUpdate, autoLinking. A missing member is off there. Connections without
/// them follow set_user_root_attributes (login-runtime RP-84). `trust_email`,
/// `trusted_email_domains` and `trust_username` are ours, beside or inside them.
void read_first_contact(OptionReader& options, model::UpstreamSettings& settings);

/// `attributes` of an attribute map as JSON text; it may arrive as an object or as its text. Empty when not given.
std::string read_attributes(OptionReader& attribute_map);

}  // namespace symbolon::upstream
