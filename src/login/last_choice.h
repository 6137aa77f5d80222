#pragma once

#include "base/clock.h"
#include "base/id.h"
#include "crypto/secret_box.h"
#include "http/request.h"
#include "http/response.h"

namespace symbolon::login {

/// The connection that this browser last left for; empty when it remembers none. A hint for the eye only: whoever uses it
/// asks again whether the client may use that connection.
ConnectionId find_last_choice(const http::Request& request, const crypto::SecretBox& box, Instant now);

/// For half a year.
void remember_choice(http::Response& response, const http::Request& request, const crypto::SecretBox& box,
                     const ConnectionId& connection, Instant now);

}  // namespace symbolon::login
