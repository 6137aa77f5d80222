#pragma once

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "login/failure.h"
#include "login/start.h"
#include "model/client.h"
#include "model/connection.h"

namespace symbolon::login {

/// start_login(), with what cannot start reported and answered to the client. Remembers the connection as the browser's
/// last choice.
Task<http::Response> depart(const Services& services, FailureReporter& failures, http::Request http,
                            model::Client client, model::AuthorizationRequest request, model::Connection connection,
                            StartOptions options);

}  // namespace symbolon::login
