#pragma once

#include <array>
#include <string_view>

namespace symbolon::store {

/// Every table whose rows belong to a tenant, `tenants` last.
inline constexpr std::array kTenantTables = std::to_array<std::string_view>({"domains",
                                                                             "sequences",
                                                                             "signing_keys",
                                                                             "clients",
                                                                             "client_origins",
                                                                             "client_credentials",
                                                                             "connections",
                                                                             "connection_clients",
                                                                             "connection_domains",
                                                                             "connection_realms",
                                                                             "connection_remains",
                                                                             "users",
                                                                             "identities",
                                                                             "sessions",
                                                                             "session_clients",
                                                                             "grants",
                                                                             "authorization_codes",
                                                                             "access_tokens",
                                                                             "refresh_tokens",
                                                                             "used_tickets",
                                                                             "tickets",
                                                                             "resource_servers",
                                                                             "client_grants",
                                                                             "consents",
                                                                             "scim_configurations",
                                                                             "scim_tokens",
                                                                             "self_service_profiles",
                                                                             "self_service_tickets",
                                                                             "custom_texts",
                                                                             "log_events",
                                                                             "outbox",
                                                                             "instances",
                                                                             "organisations",
                                                                             "service_users",
                                                                             "service_user_keys",
                                                                             "service_tokens",
                                                                             "memberships",
                                                                             "login_policies",
                                                                             "login_policy_providers",
                                                                             "tenants"});

}  // namespace symbolon::store
