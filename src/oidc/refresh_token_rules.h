#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "db/transaction.h"
#include "model/client.h"
#include "model/grant.h"
#include "model/resource_server.h"
#include "oidc/api_access.h"
#include "tickets/opaque.h"

namespace symbolon::oidc {

/// Scopes that ask for a refresh token: one that outlives the session, or one that dies with it.
inline constexpr std::string_view kOfflineAccess = "offline_access";
inline constexpr std::string_view kOnlineAccess = "online_access";

/// May the client be given refresh tokens for that API (null: for /userinfo only)? TK-8.
bool may_refresh(const model::Client& client, const model::ResourceServer* api);

/// Does the granted scope ask for one?
bool wants_refresh_token(const std::vector<std::string>& scope);

/// What the client's policies let a refresh token give at the API beyond its grant (RT-8): only first-party clients, and
/// only where nobody would be asked for consent. Null pointer for nothing.
const model::RefreshResource* find_refresh_resource(const model::Client& client, const ApiAccess* access);

/// The scope under `grant` for that API: the granted one at the grant's own, what belongs to no API elsewhere, and the
/// policy's on top of it.
std::vector<std::string> scope_for_refresh(const model::Client& client, const model::Grant& grant,
                                           const std::string& audience, const model::RefreshResource* resource);

/// The random parts of a refresh token that may come to be written; drawn before the unit of work, which may run twice.
struct DrawnRefreshToken {
  tickets::Opaque<model::RefreshTokenHash> token;
  std::string id, family;
};
DrawnRefreshToken draw_refresh_token(Random& random, Instant now);

/// When a token ends that is issued or used now (login-runtime RT-7). `fixed_end`: the absolute end that it or its
/// family already has, which never moves. Absent means never.
struct RefreshTokenEnds {
  std::optional<Instant> absolute, idle;
};
RefreshTokenEnds ends_of(const model::RefreshTokenPolicy& policy, std::optional<Instant> fixed_end, Instant now);

/// Writes the first token of a family under `grant`, and drops the oldest families beyond 200 (RT-12).
void insert_first_refresh_token(db::Transaction& tx, const DrawnRefreshToken& drawn, const model::Client& client,
                                const model::Grant& grant, Instant now);

}  // namespace symbolon::oidc
