#include "zitadel/permissions.h"

#include <algorithm>
#include <array>

namespace symbolon::zitadel {
namespace {

struct Role {
  std::string_view name;
  bool of_instance;
  std::array<std::string_view, 16> permissions;
};

constexpr Role kRoles[] = {
    {"IAM_OWNER",
     true,
     {"iam.read", "iam.idp.read", "iam.idp.write", "iam.policy.read", "iam.policy.write", "iam.member.read",
      "iam.member.write", "iam.member.delete", "org.create", "org.read", "org.idp.read", "org.idp.write", "policy.read",
      "policy.write", "policy.delete"}},
    {"IAM_OWNER_VIEWER",
     true,
     {"iam.read", "iam.idp.read", "iam.policy.read", "iam.member.read", "org.read", "org.idp.read", "policy.read"}},
    {"ORG_OWNER",
     false,
     {"org.read", "org.idp.read", "org.idp.write", "policy.read", "policy.write", "policy.delete"}},
    {"ORG_OWNER_VIEWER", false, {"org.read", "org.idp.read", "policy.read"}},
};

const Role* find(std::string_view name) {
  const auto* found = std::ranges::find(kRoles, name, &Role::name);
  return found == std::end(kRoles) ? nullptr : found;
}

}  // namespace

bool is_instance_role(std::string_view role) {
  const Role* found = find(role);
  return found && found->of_instance;
}

bool is_organisation_role(std::string_view role) {
  const Role* found = find(role);
  return found && !found->of_instance;
}

bool carries(std::string_view role, std::string_view permission) {
  const Role* found = find(role);
  return found && !permission.empty() && std::ranges::find(found->permissions, permission) != found->permissions.end();
}

Standing judge(const std::vector<model::Membership>& memberships, const model::OrganisationId& organisation,
               std::string_view permission) {
  bool member = false;
  for (const model::Membership& membership : memberships) {
    if (!membership.organisation.empty() && membership.organisation != organisation) continue;
    member = true;
    for (const std::string& role : membership.roles)
      if (is_instance_role(role) == membership.organisation.empty() && carries(role, permission))
        return Standing::allowed;
  }
  return member ? Standing::no_permission : Standing::no_membership;
}

}  // namespace symbolon::zitadel
