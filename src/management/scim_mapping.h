#pragma once

#include <boost/json/fwd.hpp>

namespace symbolon::management {

/// What a connection's users are provisioned with unless an administrator says otherwise: 32 rows in a fixed order
/// (scim §1.5), the same for oidc and okta.
const boost::json::array& default_scim_mapping();

/// One to one in both directions, without attributes that a directory must not reach (scim §1.4). Names are not
/// compared with the SCIM schema.
bool is_valid_scim_mapping(const boost::json::array& mapping);

}  // namespace symbolon::management
