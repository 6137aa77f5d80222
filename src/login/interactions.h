#pragma once

#include <expected>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "crypto/secret_box.h"
#include "http/request.h"
#include "http/response.h"
#include "login/in_flight.h"
#include "tickets/interaction.h"

namespace symbolon::login {

/// Sign-ins of one browser that wait on a page of ours: sealed cookies, as for logins at a provider.
namespace interactions {

/// At most this many for each browser; the oldest go first.
inline constexpr std::size_t kMaxInteractions = 6;
inline constexpr std::size_t kMaxTotalBytes = 24 * 1024;

/// A new one for `request`, to be kept and shown.
tickets::Interaction begin(const http::Request& http, model::AuthorizationRequest request,
                           tickets::InteractionStep step, Random& random, Instant now);

/// Adds its cookies to `response`, replacing what the browser has of it.
std::expected<void, TooLong> keep(http::Response& response, const http::Request& http, const crypto::SecretBox& box,
                                  const tickets::Interaction& interaction, Instant now);

/// The interaction that `id` names, if this browser has it here and it has not expired.
std::optional<tickets::Interaction> find(const http::Request& http, const crypto::SecretBox& box,
                                         const std::string& id, Instant now);

void forget(http::Response& response, const http::Request& http, const std::string& id);

/// The address of a page of ours about `id`.
std::string page_url(std::string_view path, const std::string& id);

}  // namespace interactions
}  // namespace symbolon::login
