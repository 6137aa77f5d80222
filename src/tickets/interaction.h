#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"
#include "crypto/secret_box.h"
#include "model/authorization_request.h"

namespace symbolon::tickets {

/// What the person is asked on a page of ours. One is never accepted as another.
enum class InteractionStep {
  sign_in,  ///< which provider
  account,  ///< the signed-in account or another one
  consent,  ///< may the application have what it asks for
};

/// A sign-in that waits for an answer on a page of ours. Like a login at a provider it lives nowhere but in a cookie of
/// the browser, sealed (design §2 rule 1); `id` names the cookie and stands in the page's address.
struct Interaction {
  std::string id;  ///< 16 random bytes, base64url
  TenantId tenant;
  std::string base_url;  ///< `{D}` on which it started
  Instant created_at{}, expires_at{};
  InteractionStep step = InteractionStep::sign_in;
  model::AuthorizationRequest request;  ///< login_hint holds what the person typed, once that happened
  SessionId session;         ///< account and consent: the session whose person is asked
  UserId user;               ///< of that session
  std::string login_claims;  ///< consent: JSON object; attributes of that login only (RP-73)
};

/// Seals for the browser; bound to tenant, host and id.
std::string seal_interaction(const crypto::SecretBox& box, const Interaction& interaction);

/// Nullopt for anything that was not sealed by us for this tenant, host and id, or has expired.
std::optional<Interaction> open_interaction(const crypto::SecretBox& box, std::string_view sealed, std::string_view id,
                                            const TenantId& tenant, std::string_view base_url, Instant now);

}  // namespace symbolon::tickets
