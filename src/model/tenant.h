#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"

namespace symbolon::model {

/// How long a browser stays signed in (login-runtime §0.4, SE-10).
struct SessionLifetimes {
  std::chrono::seconds idle = std::chrono::hours(72);
  std::chrono::seconds absolute = std::chrono::hours(168);
  std::chrono::seconds ephemeral_idle = std::chrono::hours(24);
  std::chrono::seconds ephemeral_absolute = std::chrono::hours(72);
  bool persistent_cookie = true;
};

/// What the settings of a tenant make the server do; read from `doc`, the object that GET /tenants/settings shows.
struct Tenant {
  TenantId id;
  std::string friendly_name;
  std::string support_email, support_url, picture_url;
  std::string default_audience;
  std::string default_redirection_uri;
  std::string error_page_url;
  std::vector<std::string> allowed_logout_urls;
  std::vector<std::string> enabled_locales;  ///< first is the default
  SessionLifetimes sessions;
  bool iss_parameter = true;               ///< authorization_response_iss_parameter_supported
  bool end_session_in_discovery = true;    ///< oidc_logout.rp_logout_end_session_endpoint_discovery
  bool logout_confirmation = true;         ///< oidc_logout.rp_logout_end_user_confirmation
  bool par_supported = false;              ///< pushed_authorization_requests_supported
  bool resource_is_audience = false;       ///< resource_parameter_profile: compatibility
  bool strict_scopes = false;
  bool allow_http_callbacks = false;
  bool options_need_own_scopes = false;    ///< allow_connections_management_without_options_scopes: false
  bool hide_connection_secrets = false;
  std::map<std::string, bool> flags;       ///< tenant flags by name
  std::string doc;                         ///< JSON object; branding and prompts have members of their own in it
  std::int64_t version = 0;
  Instant created_at{};
};

}  // namespace symbolon::model
