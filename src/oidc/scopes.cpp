#include "oidc/scopes.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/text.h"
#include "login/organisation.h"
#include "oidc/oauth_error.h"
#include "oidc/refresh_token_rules.h"

namespace symbolon::oidc {
namespace {

using model::OAuthCode;
using model::OAuthError;

constexpr std::array<std::string_view, 16> kOpenIdScopes{
    "openid",      "profile",  kOfflineAccess, kOnlineAccess,       "name",    "given_name",
    "family_name", "nickname", "email",        "email_verified",    "picture", "created_at",
    "identities",  "phone",    "address",      kAdministrationScope};

// What a third-party application may ask a person for (login-runtime §1.5).
constexpr std::array<std::string_view, 4> kThirdPartyScopes{"openid", "profile", "email", kOfflineAccess};

// TK-8: granted only where a refresh token will really come of it.
bool asks_in_vain_to_refresh(std::string_view scope, const model::Client& client, const ApiAccess* access) {
  return (scope == kOfflineAccess || scope == kOnlineAccess) && !may_refresh(client, access ? &access->api : nullptr);
}

bool is_openid_scope(std::string_view scope, bool first_party) {
  if (login::names_organisation(scope)) return true;
  const auto allowed = first_party ? std::span<const std::string_view>(kOpenIdScopes) : std::span(kThirdPartyScopes);
  return std::ranges::find(allowed, scope) != allowed.end();
}

// A person's token never carries the server-wide powers of the Management API, whatever the API's record says.
bool is_for_people(const model::ResourceServer& api, std::string_view scope) {
  const bool management = api.is_system && api.identifier.ends_with("/api/v2/");
  return !management || scope.contains(":current_user");
}

OAuthError not_authorized(std::string_view audience) {
  return {OAuthCode::access_denied,
          "Client is not authorized to access \"" + for_description(audience) +
              "\". You need to create a \"client-grant\" associated to this API.",
          "no client grant"};
}

enum class Reach { none, granted, all };

Reach reach(const std::string& policy, bool has_grant) {
  if (policy == "allow_all") return Reach::all;
  return policy == "require_client_grant" && has_grant ? Reach::granted : Reach::none;
}

bool is_granted(const ApiAccess& access, Reach reach, const std::string& scope) {
  return contains(access.api.scopes, scope) &&
         (reach == Reach::all || access.grant->allow_all_scopes || contains(access.grant->scope, scope));
}

}  // namespace

std::span<const std::string_view> openid_scopes() { return std::span(kOpenIdScopes).first(kOpenIdScopes.size() - 1); }

std::expected<std::vector<std::string>, OAuthError> scopes_for_user(const model::Client& client,
                                                                    const ApiAccess* access,
                                                                    const std::vector<std::string>& wanted,
                                                                    bool strict) {
  Reach of_api = Reach::none;
  if (access) {
    // A third-party application needs an explicit grant even where the API is open to everybody.
    const auto& policy = access->api.user_policy;
    of_api =
        reach(client.first_party || policy == "deny_all" ? policy : "require_client_grant", access->grant.has_value());
    if (of_api == Reach::none) return std::unexpected(not_authorized(access->api.identifier));
  }
  std::vector<std::string> scopes;
  for (const std::string& scope : wanted) {
    if (contains(scopes, scope) || asks_in_vain_to_refresh(scope, client, access)) continue;
    if (is_openid_scope(scope, client.first_party) ||
        (access && is_for_people(access->api, scope) && is_granted(*access, of_api, scope)))
      scopes.push_back(scope);
    else if (strict)
      return std::unexpected(OAuthError{OAuthCode::invalid_scope, "unknown scope: " + for_description(scope), {}});
  }
  return scopes;
}

std::expected<std::vector<std::string>, OAuthError> scopes_for_client(const ApiAccess& access,
                                                                      const std::vector<std::string>& wanted) {
  const Reach of_api = reach(access.api.client_policy, access.grant.has_value());
  if (of_api == Reach::none) return std::unexpected(not_authorized(access.api.identifier));
  const bool every = of_api == Reach::all || access.grant->allow_all_scopes;
  if (every && wanted.empty()) return access.api.scopes;
  // The Management API has some 250 scopes, so neither list is searched for each member of the other.
  const std::unordered_set<std::string_view> known(access.api.scopes.begin(), access.api.scopes.end());
  const std::unordered_set<std::string_view> asked(wanted.begin(), wanted.end());
  std::vector<std::string> scopes;
  for (const std::string& scope : every ? access.api.scopes : access.grant->scope)
    if (known.contains(scope) && (asked.empty() || asked.contains(scope))) scopes.push_back(scope);
  return scopes;
}

OAuthError service_not_found(std::string_view audience) {
  return {OAuthCode::access_denied, "Service not found: " + for_description(audience), "no such API"};
}

}  // namespace symbolon::oidc
