#include "oidc/authorize_facts.h"

#include <stdexcept>

#include "base/text.h"
#include "oidc/our_apis.h"
#include "oidc/scopes.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/resource_server_store.h"
#include "store/tenant_store.h"

namespace symbolon::oidc {
AuthorizeContext AuthorizeFacts::context(std::optional<std::string> hinted_subject) const {
  return {.tenant = tenant,
          .client = *client,
          .audience = audience,
          .api = api,
          .hinted_subject = std::move(hinted_subject),
          .realm_is_connection = realm_is_connection};
}

AuthorizeFacts find_authorize_facts(db::Transaction& tx, const http::Site& site, const http::Form& form) {
  AuthorizeFacts found{find_tenant(tx, site.tenant), {}, {}, {}, false};
  if (form.has("client_id")) found.client = store::ClientStore(tx, site.tenant).find(ClientId(form.get("client_id")));
  if (!found.client) return found;

  // Two of them are refused later, by check_authorize_request().
  found.audience = named_audience(form.get("audience"), form.get("resource"), found.tenant).value_or("");
  if (found.audience.empty() && contains(split_words(form.get("scope")), kAdministrationScope)) {
    const auto api = store::ResourceServerStore(tx, site.tenant).find_by_identifier(administration_audience(site));
    if (api) found.audience = api->identifier;
  }
  if (found.audience.empty()) found.audience = found.tenant.default_audience;
  if (!found.audience.empty()) found.api = find_api_access(tx, site.tenant, found.client->id, found.audience, "user");
  if (form.has("realm") && !form.has("connection"))
    found.realm_is_connection =
        store::ConnectionStore(tx, site.tenant).find_for_client(form.get("realm"), found.client->id).has_value();
  return found;
}

model::Tenant find_tenant(db::Transaction& tx, const TenantId& id) {
  auto tenant = store::TenantStore(tx).find(id);
  if (!tenant) throw std::runtime_error("a site without a tenant");
  return std::move(*tenant);
}

}  // namespace symbolon::oidc
