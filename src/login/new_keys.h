#pragma once

#include "base/task.h"
#include "login/services.h"
#include "model/connection.h"

namespace symbolon::login {

/// Puts on record that a sign-in held only after the provider's keys had been fetched anew (login-runtime §11, RP-11), so
/// that an administrator sees when a provider changes its keys.
Task<void> record_new_keys(const Services& services, model::Connection connection);

}  // namespace symbolon::login
