#pragma once

#include <expected>
#include <optional>
#include <string>

#include "base/clock.h"
#include "crypto/secret_box.h"
#include "http/request.h"
#include "http/response.h"
#include "tickets/login_ticket.h"

namespace symbolon::login {

/// Why a login cannot be kept in the browser: `parameter` of the request is the one that is too long.
struct TooLong {
  std::string parameter;
};

/// The logins of one browser that are at a provider right now: sealed cookies, each named after its state, large ones
/// split over numbered cookies (design §2 rule 1). Nothing is stored on our side.
namespace in_flight {

/// At most this many logins and bytes for each browser; the oldest go first.
inline constexpr std::size_t kMaxLogins = 8;
inline constexpr std::size_t kMaxLoginBytes = 12 * 1024;
inline constexpr std::size_t kMaxTotalBytes = 40 * 1024;

/// Adds the cookies of `ticket` to `response`, and removes the oldest ones that no longer fit.
std::expected<void, TooLong> keep(http::Response& response, const http::Request& request,
                                  const crypto::SecretBox& box, const tickets::LoginTicket& ticket, Instant now);

/// The login that `state` names, if this browser started it here and it has not expired.
std::optional<tickets::LoginTicket> find(const http::Request& request, const crypto::SecretBox& box,
                                         const std::string& state, Instant now);

void forget(http::Response& response, const http::Request& request, const std::string& state);

/// The parameter of `request` that takes most room.
std::string longest_parameter(const model::AuthorizationRequest& request);

}  // namespace in_flight
}  // namespace symbolon::login
