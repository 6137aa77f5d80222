#include "login/interactions.h"

#include "http/form.h"
#include "login/remembered_client.h"
#include "login/sealed_cookies.h"

namespace symbolon::login::interactions {
namespace {

constexpr SealedCookies kCookies("page-", {.values = kMaxInteractions, .bytes = kMaxTotalBytes});
constexpr std::chrono::seconds kLifetime{3600};  // login-runtime §0.4
constexpr std::size_t kIdBytes = 16;

}  // namespace

tickets::Interaction begin(const http::Request& http, model::AuthorizationRequest request,
                           tickets::InteractionStep step, Random& random, Instant now) {
  tickets::Interaction made;
  made.id = random_token(random, kIdBytes);
  made.tenant = http.site->tenant;
  made.base_url = http.site->base_url;
  made.created_at = now;
  made.expires_at = now + kLifetime;
  made.step = step;
  made.request = std::move(request);
  return made;
}

std::expected<void, TooLong> keep(http::Response& response, const http::Request& http, const crypto::SecretBox& box,
                                  const tickets::Interaction& interaction, Instant now) {
  const std::string sealed = tickets::seal_interaction(box, interaction);
  if (SealedCookies::cookie_bytes(sealed) > in_flight::kMaxLoginBytes)
    return std::unexpected(TooLong{in_flight::longest_parameter(interaction.request)});
  kCookies.keep(response, http, interaction.id, sealed,
                std::chrono::duration_cast<std::chrono::seconds>(interaction.expires_at - now),
                [&](const std::string& id, const std::string& other) {
                  const auto opened =
                      tickets::open_interaction(box, other, id, http.site->tenant, http.site->base_url, now);
                  return opened ? opened->created_at : Instant{};
                });
  remembered_client::keep(response, http, box, interaction.id, interaction.request.client, now);
  return {};
}

std::optional<tickets::Interaction> find(const http::Request& http, const crypto::SecretBox& box,
                                         const std::string& id, Instant now) {
  const auto sealed = kCookies.find(http, id);
  if (!sealed) return std::nullopt;
  return tickets::open_interaction(box, *sealed, id, http.site->tenant, http.site->base_url, now);
}

void forget(http::Response& response, const http::Request& http, const std::string& id) {
  kCookies.forget(response, http, id);
  remembered_client::forget(response, http, id);
}

std::string page_url(std::string_view path, const std::string& id) {
  return std::string(path) + "?" + http::encode_form({{"state", id}});
}

}  // namespace symbolon::login::interactions
