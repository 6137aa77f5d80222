#pragma once

#include "http/request.h"
#include "http/response.h"
#include "model/client.h"
#include "model/tenant.h"

namespace symbolon::login {

/// A sign-in that is over, expired or unknown to this browser never runs again (E11): the person is sent to where a new
/// one starts, or told so. `client` is null when it is not known.
http::Response sign_in_ended(const http::Request& request, const model::Tenant& tenant, const model::Client* client);

}  // namespace symbolon::login
