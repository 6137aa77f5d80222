#include "zitadel/provider_view.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "json/read.h"
#include "zitadel/wire.h"

namespace symbolon::zitadel {
namespace {

namespace js = boost::json;
using model::Strategy;

js::object show_options(const model::FirstContactOptions& options) {
  js::object out;
  put(out, "isLinkingAllowed", options.linking_allowed);
  put(out, "isCreationAllowed", options.creation_allowed);
  put(out, "isAutoCreation", options.auto_creation);
  put(out, "isAutoUpdate", options.auto_update);
  if (options.auto_linking == model::AutoLinking::username) out["autoLinking"] = "AUTO_LINKING_OPTION_USERNAME";
  if (options.auto_linking == model::AutoLinking::email) out["autoLinking"] = "AUTO_LINKING_OPTION_EMAIL";
  return out;
}

// openid is asked for whether or not a request named it; only what was named is shown (zitadel-idps §6.14).
constexpr std::string_view kOpenidAdded = "openid_added";

void put_scopes(js::object& out, const std::string& scope, const js::object& options) {
  auto scopes = split_words(scope);
  if (json::find_bool(options, kOpenidAdded).value_or(false)) std::erase(scopes, "openid");
  if (!scopes.empty()) out["scopes"] = js::value_from(scopes);
}

js::object show_oauth(const model::UpstreamSettings& settings, const js::object& options) {
  js::object out;
  put(out, "clientId", settings.client_id);
  put(out, "authorizationEndpoint", settings.authorization_endpoint);
  put(out, "tokenEndpoint", settings.token_endpoint);
  put(out, "userEndpoint", settings.userinfo_endpoint);
  put_scopes(out, settings.scope, options);
  put(out, "idAttribute", settings.subject_attribute);
  put(out, "usePkce", json::find_bool(options, "pkce_enabled").value_or(false));
  return out;
}

js::object show_oidc(const model::UpstreamSettings& settings, const js::object& options) {
  js::object out;
  put(out, "issuer", settings.issuer);
  put(out, "clientId", settings.client_id);
  put_scopes(out, settings.scope, options);
  put(out, "isIdTokenMapping", json::find_bool(options, "is_id_token_mapping").value_or(false));
  put(out, "usePkce", settings.pkce == model::PkceMode::s256);
  return out;
}

void set_scopes(js::object& options, std::vector<std::string> scopes, Strategy strategy) {
  options.erase("scopes");
  options.erase("scope");
  options.erase(kOpenidAdded);
  if (scopes.empty()) return;
  if (strategy != Strategy::oauth2 && !contains(scopes, "openid")) {
    scopes.insert(scopes.begin(), "openid");
    options[kOpenidAdded] = true;
  }
  options["scope"] = join(scopes, " ");
}

// What says who is asked. With another value, somebody else vouches for the people.
constexpr std::array<std::string_view, 5> kProviderFacts{"issuer", "client_id", "authorizationURL", "tokenURL",
                                                         "userinfo_url"};

void set_oauth(js::object& options, const ProviderRequest& request) {
  options["authorizationURL"] = request.authorization_endpoint;
  options["tokenURL"] = request.token_endpoint;
  options["userinfo_url"] = request.user_endpoint;
  options["id_attribute"] = request.id_attribute;
  options["pkce_enabled"] = request.use_pkce;
  options["useOauthSpecScope"] = true;
}

void set_oidc(js::object& options, const ProviderRequest& request) {
  const std::string before = json::find_string(options, "issuer").value_or("");
  if (before != request.issuer) {
    // What another issuer published is worth nothing here; it is looked up again.
    for (const std::string_view member : {"discovery_url", "authorization_endpoint", "token_endpoint",
                                          "userinfo_endpoint", "jwks_uri", "end_session_endpoint"})
      options.erase(member);
  }
  options["type"] = "back_channel";
  options["issuer"] = request.issuer;
  options["is_id_token_mapping"] = request.is_id_token_mapping;
  js::object settings;
  if (const js::object* given = json::find_object(options, "connection_settings")) settings = *given;
  // Without usePkce, which of the other modes is for /api/v2 to say.
  const bool was_on = json::find_string(settings, "pkce").value_or("S256") == "S256";
  if (request.use_pkce || was_on) settings["pkce"] = request.use_pkce ? "S256" : "auto";
  options["connection_settings"] = std::move(settings);
}

}  // namespace

js::object show_provider(const model::Connection& connection, const std::string& instance_id) {
  const bool oauth = connection.upstream.strategy == Strategy::oauth2;
  const js::value parsed = js::parse(connection.options.empty() ? "{}" : connection.options);
  const js::object& options = parsed.get_object();
  js::object config;
  config["options"] = show_options(connection.upstream.first_contact);
  if (oauth)
    config["oauth"] = show_oauth(connection.upstream, options);
  else
    config["oidc"] = show_oidc(connection.upstream, options);
  const bool of_instance = connection.zitadel_owner.empty();
  return {{"id", connection.zitadel_id},
          {"details", read({.sequence = connection.version,
                            .created_at = connection.created_at,
                            .changed_at = connection.updated_at,
                            .resource_owner = of_instance ? instance_id : connection.zitadel_owner})},
          {"state", connection.authentication_active ? "IDP_STATE_ACTIVE" : "IDP_STATE_INACTIVE"},
          {"name", connection.label()},
          {"owner", of_instance ? "IDP_OWNER_TYPE_SYSTEM" : "IDP_OWNER_TYPE_ORG"},
          {"type", oauth ? "PROVIDER_TYPE_OAUTH" : "PROVIDER_TYPE_OIDC"},
          {"config", std::move(config)}};
}

js::object options_of(const ProviderRequest& request, js::object stored) {
  const js::object before_change = stored;
  stored["client_id"] = request.client_id;
  if (!request.client_secret.empty()) stored["client_secret"] = request.client_secret;
  if (request.strategy == Strategy::oauth2)
    set_oauth(stored, request);
  else
    set_oidc(stored, request);
  set_scopes(stored, request.scopes, request.strategy);
  // Trust is ours to give, by /api/v2 only; a PUT here never gives it, and takes it when it is another provider now.
  const bool same = std::ranges::none_of(kProviderFacts, [&](std::string_view fact) {
    return json::find_string(before_change, fact) != json::find_string(stored, fact);
  });
  if (!same)
    for (const std::string_view member : {"email_verified_mode", "trust_email", "trusted_email_domains", "trust_username"})
      stored.erase(member);
  js::object options = request.provider_options;
  if (const js::object* before = json::find_object(stored, "provider_options"); before && same)
    for (const std::string_view member : {"trust_email", "trusted_email_domains", "trust_username"})
      if (const js::value* kept = before->if_contains(member)) options[member] = *kept;
  stored["provider_options"] = std::move(options);
  return stored;
}

std::string connection_name(const std::string& zitadel_id) { return "idp-" + zitadel_id; }

}  // namespace symbolon::zitadel
