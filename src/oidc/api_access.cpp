#include "oidc/api_access.h"

#include "store/client_store.h"
#include "store/resource_server_store.h"
#include "store/tenant_store.h"

namespace symbolon::oidc {
namespace {

// What the tenant gives to every third-party client that has no grant of its own (management-api §5.3).
std::optional<model::ClientGrant> shared_grant(db::Transaction& tx, const TenantId& tenant, const ClientId& client,
                                               const model::ResourceServer& api, std::string_view subject_type) {
  auto shared = store::ClientGrantStore(tx, tenant).find(ClientId(), api.identifier, subject_type);
  if (!shared) return std::nullopt;
  const auto known = store::ClientStore(tx, tenant).find(client);
  return known && !known->first_party ? std::move(shared) : std::nullopt;
}

}  // namespace

std::expected<std::string, model::OAuthError> named_audience(const std::string& audience, const std::string& resource,
                                                             const model::Tenant& tenant) {
  if (resource.empty() || !tenant.resource_is_audience) return audience;
  if (!audience.empty() && audience != resource)
    return std::unexpected(
        model::OAuthError{model::OAuthCode::invalid_request, "audience and resource name two different APIs", {}});
  return resource;
}

std::expected<std::string, model::OAuthError> named_audience(db::Transaction& tx, const TenantId& tenant,
                                                             const std::string& audience, const std::string& resource) {
  if (resource.empty()) return audience;
  return named_audience(audience, resource, store::TenantStore(tx).find(tenant).value());
}

std::optional<ApiAccess> find_api_access(db::Transaction& tx, const TenantId& tenant, const ClientId& client,
                                         std::string_view audience, std::string_view subject_type) {
  auto api = store::ResourceServerStore(tx, tenant).find_by_identifier(audience);
  if (!api) return std::nullopt;
  auto grant = store::ClientGrantStore(tx, tenant).find(client, api->identifier, subject_type);
  if (!grant) grant = shared_grant(tx, tenant, client, *api, subject_type);
  return ApiAccess{std::move(*api), std::move(grant)};
}

}  // namespace symbolon::oidc
