#pragma once

#include <chrono>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "crypto/secret_box.h"
#include "http/request.h"
#include "http/response.h"

namespace symbolon::login {

/// To which application a browser wanted to go, for sign-ins that may have expired since (E11). One small sealed cookie
/// for each, so that what is large can go when the sign-in ends.
namespace remembered_client {

/// The hour of a sign-in, and twelve more.
inline constexpr std::chrono::hours kLifetime{13};
/// At most this many for each browser; the oldest go first.
inline constexpr std::size_t kMaxRemembered = 6;

/// `id` is the state of a login or the id of an interaction. Without a client there is nothing to remember.
void keep(http::Response& response, const http::Request& request, const crypto::SecretBox& box, const std::string& id,
          const ClientId& client, Instant now);

/// Empty when `id` is not this browser's or is over for too long.
ClientId find(const http::Request& request, const crypto::SecretBox& box, const std::string& id, Instant now);

void forget(http::Response& response, const http::Request& request, const std::string& id);

}  // namespace remembered_client
}  // namespace symbolon::login
