#include "oidc/client_credentials_grant.h"

#include <algorithm>

#include "base/text.h"
#include "oidc/our_apis.h"
#include "oidc/scopes.h"
#include "oidc/signing_algorithm.h"
#include "store/log_store.h"
#include "store/tenant_store.h"

namespace symbolon::oidc {
namespace {

using model::OAuthCode;
using model::OAuthError;

struct Allowed {
  model::ResourceServer api;
  std::vector<std::string> scope;
};
using Outcome = std::expected<Allowed, OAuthError>;

std::expected<std::string, OAuthError> choose_audience(const ClientCredentialsRequest& request,
                                                       const model::Tenant& tenant, const http::Site& site) {
  auto named = named_audience(request.audience, request.resource, tenant);
  if (!named || !named->empty()) return named;
  if (contains(request.scope, kAdministrationScope)) return administration_audience(site);
  return tenant.default_audience;
}

// Scopes of OpenID Connect mean nothing here; a client that sends only those wants everything that it was granted.
std::vector<std::string> api_scopes(std::vector<std::string> scope) {
  std::erase_if(scope, [](const std::string& one) {
    return one.starts_with("urn:zitadel:") || std::ranges::find(openid_scopes(), one) != openid_scopes().end();
  });
  return scope;
}

Outcome allow(db::Transaction& tx, const Caller& caller, const model::Client& client,
              const ClientCredentialsRequest& request, Instant now) {
  const TenantId& id = caller.site->tenant;
  const auto tenant = store::TenantStore(tx).find(id);
  const auto chosen = choose_audience(request, tenant.value(), *caller.site);
  if (!chosen) return std::unexpected(chosen.error());
  const std::string& audience = *chosen;
  if (audience.empty()) return std::unexpected(OAuthError{OAuthCode::invalid_request, "audience is missing", {}});
  auto access = find_api_access(tx, id, client.id, audience, "client");
  if (!access) return std::unexpected(service_not_found(audience));
  if (!find_signing_algorithm(access->api.signing_algorithm))
    return std::unexpected(unsupported_algorithm("the API", access->api.signing_algorithm));

  auto scope = scopes_for_client(*access, api_scopes(request.scope));
  if (!scope) return std::unexpected(std::move(scope.error()));

  model::LogEvent event = caller.event("seccft", now);
  event.description = "Client credentials for access token";
  event.client = client.id;
  event.client_name = client.name;
  event.audience = audience;
  store::LogStore(tx, id).insert(std::move(event));
  return Allowed{std::move(access->api), std::move(*scope)};
}

}  // namespace

ClientCredentialsRequest ClientCredentialsRequest::from(const http::Form& form) {
  return {form.get("audience"), form.get("resource"), split_words(form.get("scope"))};
}

Task<std::expected<TokenSet, OAuthError>> ClientCredentialsGrant::issue(Caller caller, model::Client client,
                                                                        ClientCredentialsRequest request) {
  // RFC 6749 §4.4: a public client would lend its powers to everybody who knows its id.
  if (client.is_public())
    co_return std::unexpected(OAuthError{OAuthCode::unauthorized_client,
                                         "Grant type 'client_credentials' not allowed for the client.",
                                         "public client"});
  const Instant now = clock_.now();
  auto allowed = co_await db_.write([&](db::Transaction& tx) { return allow(tx, caller, client, request, now); });
  if (!allowed) co_return std::unexpected(std::move(allowed.error()));
  co_return co_await issuer_.issue_for_client(*caller.site, client.id, std::move(allowed->api),
                                              std::move(allowed->scope), now);
}

}  // namespace symbolon::oidc
