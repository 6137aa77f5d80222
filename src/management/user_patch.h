#pragma once

#include <boost/json/fwd.hpp>
#include <expected>
#include <string>

#include "management/problem.h"
#include "model/upstream_settings.h"
#include "model/user.h"

namespace symbolon::management {

/// The connection of a user's primary identity, as far as it decides what an administrator may change.
struct ProfileOwner {
  std::string connection_name;
  model::RootAttributeSync sync = model::RootAttributeSync::on_each_login;
};

/// Applies a PATCH body to `user` (management-api §4.2). Nothing is changed when it refuses: what the provider proves
/// (e-mail, phone) belongs to the provider, and so do the root attributes while the connection sets them at each login.
std::expected<void, Problem> apply_user_patch(model::User& user, const boost::json::object& body,
                                              const ProfileOwner& owner);

}  // namespace symbolon::management
