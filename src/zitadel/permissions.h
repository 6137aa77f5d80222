#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/service_user.h"

namespace symbolon::zitadel {

/// The roles that a membership may have; every other name is refused when a member is added.
bool is_instance_role(std::string_view role);
bool is_organisation_role(std::string_view role);

/// Whether `role` carries `permission` (zitadel-idps §5.5).
bool carries(std::string_view role, std::string_view permission);

/// What a caller may do, judged at one level.
enum class Standing { allowed, no_membership, no_permission };

/// A membership in the instance counts everywhere; one in an organisation only there, and only with the roles of an
/// organisation: whoever owns one, be it the default one, has no say in the instance. An empty `organisation` asks for
/// the instance level.
Standing judge(const std::vector<model::Membership>& memberships, const model::OrganisationId& organisation,
               std::string_view permission);

}  // namespace symbolon::zitadel
