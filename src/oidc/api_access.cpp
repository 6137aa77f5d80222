#include "oidc/api_access.h"

#include "store/resource_server_store.h"

namespace symbolon::oidc {

std::optional<ApiAccess> find_api_access(db::Transaction& tx, const TenantId& tenant, const ClientId& client,
                                         std::string_view audience, std::string_view subject_type) {
  auto api = store::ResourceServerStore(tx, tenant).find_by_identifier(audience);
  if (!api) return std::nullopt;
  auto grant = store::ClientGrantStore(tx, tenant).find(client, api->identifier, subject_type);
  return ApiAccess{std::move(*api), std::move(grant)};
}

}  // namespace symbolon::oidc
