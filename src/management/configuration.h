#pragma once

#include "management/branding.h"
#include "management/client_connections.h"
#include "management/client_credentials.h"
#include "management/connection_keys.h"
#include "management/custom_domains.h"
#include "management/empty_lists.h"
#include "management/prompts.h"
#include "management/scim_configurations.h"
#include "management/self_service_profiles.h"
#include "management/self_service_tickets.h"
#include "management/stats.h"
#include "management/tenant_settings.h"

namespace symbolon::management {

/// Everything of a tenant's configuration beside its connections, clients and APIs themselves.
class Configuration {
 public:
  Configuration(const Services& services, http::TxtLookup& txt_lookup)
      : services_(services),
        connection_keys_(services),
        client_credentials_(services),
        client_connections_(services),
        tenant_settings_(services),
        custom_domains_(services, txt_lookup),
        branding_(services),
        prompts_(services),
        scim_configurations_(services),
        scim_tokens_(services),
        self_service_profiles_(services),
        self_service_tickets_(services),
        stats_(services) {}

  void register_on(Api& api) {
    connection_keys_.register_on(api);
    client_credentials_.register_on(api);
    client_connections_.register_on(api);
    tenant_settings_.register_on(api);
    custom_domains_.register_on(api);
    branding_.register_on(api);
    prompts_.register_on(api);
    scim_configurations_.register_on(api);
    scim_tokens_.register_on(api);
    self_service_profiles_.register_on(api);
    self_service_tickets_.register_on(api);
    stats_.register_on(api);
    register_empty_lists(api, services_);
  }

 private:
  const Services& services_;
  ConnectionKeys connection_keys_;
  ClientCredentials client_credentials_;
  ClientConnections client_connections_;
  TenantSettings tenant_settings_;
  CustomDomains custom_domains_;
  Branding branding_;
  Prompts prompts_;
  ScimConfigurations scim_configurations_;
  ScimTokens scim_tokens_;
  SelfServiceProfiles self_service_profiles_;
  SelfServiceTickets self_service_tickets_;
  Stats stats_;
};

}  // namespace symbolon::management
