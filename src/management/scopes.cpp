#include "management/scopes.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace symbolon::management {
namespace {

// resource(operations), operations by initial: c create, r read, u update, d delete.
constexpr std::string_view kCatalogue =
    "actions(crud) actions_log_sessions(c) agents(crud) anomaly_blocks(rd) attack_protection(ru) "
    "authentication_methods(crud) branding(rud) client_credentials(crud) client_grants(crud) client_keys(crud) "
    "client_summary(r) client_token_vault_privileged_access(u) clients(crud) connection_profiles(crud) "
    "connections(crud) connections_keys(cru) connections_options(ru) current_user(rd) "
    "current_user_device_credentials(cd) current_user_identities(u) current_user_metadata(u) custom_domains(crud) "
    "custom_signing_keys(crud) device_credentials(crud) directory_provisionings(crud) email_provider(crud) "
    "email_templates(cru) encryption_keys(crud) entitlements(r) event_deliveries(ru) event_streams(crud) events(r) "
    "experimentation(crud) federated_connections_tokens(rd) flows(crud) flows_executions(rd) flows_vault(r) "
    "flows_vault_connections(crud) forms(crud) grants(rd) group_members(r) group_roles(crd) groups(rd) "
    "guardian_enrollment_tickets(c) guardian_enrollments(rd) guardian_factors(ru) hooks(crud) insights(r) limits(ru) "
    "log_streams(crud) logs(r) logs_users(r) mfa_policies(ru) network_acl_keys(crd) network_acls(crud) "
    "organization_client_grants(crd) organization_clients(crud) organization_connections(crud) "
    "organization_discovery_domains(crud) organization_group_roles(crd) organization_groups(r) "
    "organization_invitations(crd) organization_member_effective_roles(r) organization_member_role_source_groups(r) "
    "organization_member_roles(crd) organization_members(crd) organizations(crud) organizations_summary(r) "
    "passwords_checking_job(cd) phone_providers(crud) phone_templates(crud) prompts(ru) rate_limit_policies(crud) "
    "refresh_tokens(rud) resource_servers(crud) role_members(crd) roles(crud) rules(crud) rules_configs(rud) "
    "scim_config(crud) scim_token(crud) self_service_profile_custom_texts(ru) self_service_profiles(crud) "
    "sessions(rud) shields(crud) signing_keys(cru) sso_access_tickets(cd) stats(r) tenant_settings(ru) "
    "token_exchange_profiles(crud) triggers(ru) user_attribute_profiles(crud) user_custom_blocks(crd) "
    "user_effective_permissions(r) user_effective_roles(r) user_idp_tokens(r) user_permission_source_roles(r) "
    "user_role_source_groups(r) user_tickets(c) users(crud) users_app_metadata(crud) vdcs_templates(crud)";

std::string_view operation_name(char initial) {
  switch (initial) {
    case 'c': return "create:";
    case 'r': return "read:";
    case 'u': return "update:";
    default: return "delete:";
  }
}

std::vector<std::string> expand() {
  std::vector<std::string> all{"blacklist:tokens"};
  for (const std::string& entry : split_words(kCatalogue)) {
    const auto open = entry.find('(');
    const std::string resource = entry.substr(0, open);
    for (const char initial : entry.substr(open + 1, entry.size() - open - 2))
      all.push_back(std::string(operation_name(initial)) + resource);
  }
  std::ranges::sort(all);
  return all;
}

}  // namespace

const std::vector<std::string>& scope_catalogue() {
  static const std::vector<std::string> all = expand();
  return all;
}

}  // namespace symbolon::management
