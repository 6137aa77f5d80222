#include "oidc/refresh_token_rules.h"

#include <algorithm>

#include "base/text.h"
#include "base/time_ordered.h"
#include "oidc/scopes.h"
#include "store/refresh_token_store.h"

namespace symbolon::oidc {
namespace {

constexpr std::size_t kIdBytes = 15;
constexpr std::size_t kFamilyBytes = 12;
constexpr std::int64_t kMostFamilies = 200;

}  // namespace

bool may_refresh(const model::Client& client, const model::ResourceServer* api) {
  return client.allows_grant("refresh_token") && (!api || api->allow_offline_access);
}

bool wants_refresh_token(const std::vector<std::string>& scope) {
  return contains(scope, kOfflineAccess) || contains(scope, kOnlineAccess);
}

const model::RefreshResource* find_refresh_resource(const model::Client& client, const ApiAccess* access) {
  if (!access || !client.first_party || !access->api.skip_consent_for_first_party) return nullptr;
  const auto& resources = client.refresh.resources;
  const auto found = std::ranges::find(resources, access->api.identifier, &model::RefreshResource::audience);
  return found == resources.end() ? nullptr : &*found;
}

std::vector<std::string> scope_for_refresh(const model::Client& client, const model::Grant& grant,
                                           const std::string& audience, const model::RefreshResource* resource) {
  std::vector<std::string> scope = grant.scope;
  if (audience != grant.audience)
    scope = scopes_for_user(client, nullptr, grant.scope, false).value_or(std::vector<std::string>());
  if (!resource) return scope;
  for (const std::string& one : resource->scope)
    if (!contains(scope, one)) scope.push_back(one);
  return scope;
}

DrawnRefreshToken draw_refresh_token(Random& random, Instant now) {
  auto token = tickets::make_refresh_token(random, now);
  std::string id = "rt_" + time_ordered_token(random, now, kIdBytes);
  return {std::move(token), std::move(id), time_ordered_token(random, now, kFamilyBytes)};
}

RefreshTokenEnds ends_of(const model::RefreshTokenPolicy& policy, std::optional<Instant> fixed_end, Instant now) {
  RefreshTokenEnds ends{fixed_end, std::nullopt};
  if (!policy.expiring) return ends;
  if (!ends.absolute && !policy.infinite_lifetime) ends.absolute = now + policy.lifetime;
  if (!policy.infinite_idle_lifetime) {
    ends.idle = now + policy.idle_lifetime;
    if (ends.absolute) ends.idle = std::min(*ends.idle, *ends.absolute);
  }
  return ends;
}

void insert_first_refresh_token(db::Transaction& tx, const DrawnRefreshToken& drawn, const model::Client& client,
                                const model::Grant& grant, Instant now) {
  const RefreshTokenEnds ends = ends_of(client.refresh, std::nullopt, now);
  model::RefreshToken token;
  token.id = drawn.id;
  token.hash = drawn.token.hash;
  token.family = drawn.family;
  token.grant = grant.id;
  token.client = client.id;
  token.user = grant.user;
  token.session = grant.session;
  token.base_url = grant.base_url;
  token.rotating = client.refresh.rotating;
  token.online = !contains(grant.scope, kOfflineAccess);
  token.created_at = token.last_used_at = now;
  token.expires_at = ends.absolute;
  token.idle_expires_at = ends.idle;
  store::RefreshTokenStore tokens(tx, grant.tenant);
  tokens.insert(token);
  tokens.drop_oldest(grant.user, client.id, kMostFamilies);
}

}  // namespace symbolon::oidc
