#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>

#include "json/read.h"
#include "store/document.h"
#include "store/tenant_store.h"

namespace symbolon::store {
namespace {

using boost::json::object;
using std::chrono::seconds;

constexpr seconds kShortest = std::chrono::minutes(1);
constexpr seconds kLongestIdle = std::chrono::hours(2400);
constexpr seconds kLongestAbsolute = std::chrono::hours(8760);

// Hours, or minutes under the name with `_in_minutes`; both may have fractions (login-runtime SE-10).
seconds read_lifetime(const object& doc, const std::string& name, seconds otherwise, seconds longest) {
  double value = 0;
  if (const auto minutes = json::find_number(doc, name + "_in_minutes")) {
    value = *minutes * 60;
  } else if (const auto hours = json::find_number(doc, name)) {
    value = *hours * 3600;
  }
  if (!(value > 0)) return otherwise;
  const auto capped = std::min(value, static_cast<double>(longest.count()));
  return std::max(seconds(std::llround(capped)), kShortest);
}

model::SessionLifetimes read_sessions(const object& doc) {
  const model::SessionLifetimes usual;
  model::SessionLifetimes out{
      .idle = read_lifetime(doc, "idle_session_lifetime", usual.idle, kLongestIdle),
      .absolute = read_lifetime(doc, "session_lifetime", usual.absolute, kLongestAbsolute),
      .ephemeral_idle = read_lifetime(doc, "idle_ephemeral_session_lifetime", usual.ephemeral_idle, kLongestIdle),
      .ephemeral_absolute =
          read_lifetime(doc, "ephemeral_session_lifetime", usual.ephemeral_absolute, kLongestAbsolute),
      .persistent_cookie = text_of(object_of(doc, "session_cookie"), "mode") != "non-persistent"};
  out.idle = std::min(out.idle, out.absolute);
  out.ephemeral_idle = std::min(out.ephemeral_idle, out.ephemeral_absolute);
  return out;
}

std::map<std::string, bool> read_flags(const object& doc) {
  std::map<std::string, bool> flags;
  for (const auto& [name, value] : object_of(doc, "flags"))
    if (const bool* flag = value.if_bool()) flags.emplace(name, *flag);
  return flags;
}

// Our own switches stand beside Auth0's members or among its flags, where tools can set them.
bool read_switch(const object& doc, std::string_view name, bool otherwise) {
  return flag_of(doc, name, flag_of(object_of(doc, "flags"), name, otherwise));
}

}  // namespace

model::Tenant tenant_from_document(TenantId id, std::string doc) {
  const object parsed = parse_document("a tenant", doc);
  const object& logout = object_of(parsed, "oidc_logout");
  const bool prompt = flag_of(object_of(parsed, "sessions"), "oidc_logout_prompt_enabled", true);
  return {.id = std::move(id),
          .friendly_name = text_of(parsed, "friendly_name"),
          .support_email = text_of(parsed, "support_email"),
          .support_url = text_of(parsed, "support_url"),
          .picture_url = text_of(parsed, "picture_url"),
          .default_audience = text_of(parsed, "default_audience"),
          .default_redirection_uri = text_of(parsed, "default_redirection_uri"),
          .error_page_url = text_of(object_of(parsed, "error_page"), "url"),
          .allowed_logout_urls = texts_of(parsed, "allowed_logout_urls"),
          .enabled_locales = texts_of(parsed, "enabled_locales"),
          .sessions = read_sessions(parsed),
          .iss_parameter = flag_of(parsed, "authorization_response_iss_parameter_supported", true),
          .end_session_in_discovery = flag_of(logout, "rp_logout_end_session_endpoint_discovery", true),
          .logout_confirmation = flag_of(logout, "rp_logout_end_user_confirmation", prompt),
          .par_supported = flag_of(parsed, "pushed_authorization_requests_supported", false),
          .resource_is_audience = text_of(parsed, "resource_parameter_profile") == "compatibility",
          .strict_scopes = read_switch(parsed, "strict_scopes", false),
          .allow_http_callbacks = read_switch(parsed, "allow_http_callbacks", false),
          .options_need_own_scopes = !read_switch(parsed, "allow_connections_management_without_options_scopes", true),
          .hide_connection_secrets = read_switch(parsed, "hide_connection_secrets", false),
          .flags = read_flags(parsed),
          .doc = std::move(doc)};
}

}  // namespace symbolon::store
