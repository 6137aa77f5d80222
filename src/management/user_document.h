#pragma once

#include <boost/json/fwd.hpp>

#include "model/user.h"

namespace symbolon::management {

/// The user as it is shown (management-api §4.1): mapped attributes at the root, identities with the primary first.
boost::json::object show_user(const model::User& user);

/// The identities alone, the primary first.
boost::json::array show_identities(const model::User& user);

}  // namespace symbolon::management
