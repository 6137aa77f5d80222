#pragma once

#include <string>

#include "model/client.h"
#include "model/connection.h"
#include "model/grant.h"
#include "model/log_event.h"
#include "model/resource_server.h"
#include "model/session.h"
#include "model/signing_key.h"
#include "model/tenant.h"
#include "model/user.h"
#include "store/client_store.h"
#include "store/outbox_store.h"
#include "store/scim_store.h"
#include "store/self_service_store.h"
#include "store/tenant_store.h"
#include "store/ticket_store.h"

// Records with every member filled, related to each other: user `oidc|corp|jane` of connection `con_1`, signed in to
// client `client_1` in session `sid_1` under grant `grant_1`.
namespace symbolon::store {

inline const TenantId kTenant{"default"};
inline const Instant kNow = from_epoch_millis(1'750'000'000'123);

/// 32 bytes that differ for every `seed`.
template <class Hash>
Hash hash_of(std::string_view seed) {
  std::string bytes(seed);
  bytes.resize(32, '\xff');
  return Hash{std::move(bytes)};
}

model::UpstreamSettings sample_settings();
model::Tenant sample_tenant(const TenantId& id = kTenant);
Domain sample_domain(const TenantId& tenant = kTenant, const std::string& host = "login.example.com");
model::Client sample_client(const TenantId& tenant = kTenant, const std::string& id = "client_1");
ClientCredential sample_credential(const std::string& client = "client_1", const std::string& id = "cred_1");
model::Connection sample_connection(const TenantId& tenant = kTenant, const std::string& id = "con_1",
                                    const std::string& name = "Corp");
model::User sample_user(const TenantId& tenant = kTenant, const std::string& id = "oidc|Corp|jane",
                        const std::string& subject = "jane");
model::Identity sample_identity(const std::string& connection, const std::string& subject);
model::Session sample_session(const TenantId& tenant = kTenant, const std::string& id = "sid_1");
model::Grant sample_grant(const TenantId& tenant = kTenant, const std::string& id = "grant_1");
model::AuthorizationCode sample_code(const std::string& seed = "code_1", const std::string& grant = "grant_1");
model::AccessToken sample_access_token(const std::string& seed = "access_1", const std::string& grant = "grant_1");
model::RefreshToken sample_refresh_token(const std::string& id = "rt_1", const std::string& family = "family_1");
model::ResourceServer sample_resource_server(const TenantId& tenant = kTenant, const std::string& id = "rs_1",
                                             const std::string& identifier = "https://api.example.com");
model::ClientGrant sample_client_grant(const TenantId& tenant = kTenant, const std::string& id = "cgr_1",
                                       const std::string& client = "client_1");
model::SigningKey sample_key(const TenantId& tenant = kTenant, const std::string& kid = "kid_1",
                             const std::string& owner = "");
model::LogEvent sample_event();
OutboxItem sample_item(const TenantId& tenant = kTenant, const std::string& id = "item_1");
ScimConfiguration sample_scim(const std::string& connection = "con_1");
ScimToken sample_scim_token(const std::string& id = "tok_1", const std::string& connection = "con_1");
SelfServiceProfile sample_profile(const std::string& id = "ssp_1");
SelfServiceTicket sample_setup_ticket(const std::string& seed = "setup_1", const std::string& profile = "ssp_1");
StoredTicket sample_ticket(const std::string& seed = "ticket_1");

/// One record of every kind, all related: a tenant in use.
void populate(db::Transaction& tx, const TenantId& tenant);

}  // namespace symbolon::store
