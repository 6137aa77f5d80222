#pragma once

#include <string>

#include "http/request.h"
#include "http/response.h"
#include "login/services.h"
#include "model/client.h"
#include "model/tenant.h"

namespace symbolon::login {

/// Where a sign-in starts anew: the application's own place, else the tenant's (E11). Empty when there is neither, or only
/// one that no browser should be sent to. `client` is null when it is not known.
std::string sign_in_start(const model::Tenant& tenant, const model::Client* client);

/// A sign-in that is over, expired or unknown to this browser never runs again (E11): the person is sent to where a new
/// one starts, or told so. `client` is null when it is not known.
http::Response sign_in_ended(const Services& services, const http::Request& request, const model::Tenant& tenant,
                             const model::Client* client);

}  // namespace symbolon::login
