#include "zitadel/authentication.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "login/admission.h"
#include "login/organisation.h"
#include "oidc/our_apis.h"
#include "oidc/scopes.h"
#include "store/client_store.h"
#include "store/grant_store.h"
#include "store/organisation_store.h"
#include "store/service_user_store.h"
#include "tickets/opaque.h"

namespace symbolon::zitadel {
namespace {

using Identified = std::expected<Caller, std::string>;

std::unexpected<std::string> refuse(std::string why) { return std::unexpected(std::move(why)); }

Caller complete(db::Transaction& tx, const TenantId& tenant, Caller caller, Instance instance) {
  caller.memberships = store::OrganisationStore(tx, tenant).memberships_of(caller.user);
  if (caller.organisation.empty()) caller.organisation = instance.organisation.id;
  caller.instance = std::move(instance);
  return caller;
}

// What a person's token comes down to, whichever form it has.
struct Credential {
  GrantId grant;
  std::vector<std::string> scope;
  Instant issued_at{};
};

Identified of_person(db::Transaction& tx, const http::Site& site, Credential credential, Instance instance) {
  const auto grant = store::GrantStore(tx, site.tenant).find(credential.grant);
  if (!grant || grant->revoked_at) return refuse("grant revoked");
  if (grant->base_url != site.base_url) return refuse("issued on another host");
  const auto client = store::ClientStore(tx, site.tenant).find(grant->client);
  if (!client) return refuse("client deleted");
  auto admitted = login::admit(tx, site.tenant, *client, {grant->connection, login::organisation_of(grant->scope), grant->user, credential.issued_at});
  if (!admitted) return refuse(admitted.error().rule + ": " + admitted.error().error.description);
  Caller caller;
  caller.user = admitted->user->id.str();
  caller.name = admitted->user->email;
  caller.scope = std::move(credential.scope);
  caller.client = client->id;
  return complete(tx, site.tenant, std::move(caller), std::move(instance));
}

Identified of_opaque(db::Transaction& tx, const http::Site& site, const std::string& token, Instance instance,
                     Instant now) {
  store::ServiceUserStore users(tx, site.tenant);
  if (auto stored = users.find_live_token(tickets::hash_service_token(token), now)) {
    if (!stored->personal && !names_this_api(stored->scope)) return refuse("another audience");
    const auto user = users.find(stored->user);
    if (!user) return refuse("service user deleted");
    Caller caller;
    caller.user = user->id.str();
    caller.name = user->username;
    caller.organisation = user->organisation;
    caller.scope = std::move(stored->scope);
    return complete(tx, site.tenant, std::move(caller), std::move(instance));
  }
  auto stored = store::AccessTokenStore(tx, site.tenant).find_live(tickets::hash_access_token(token), now);
  if (!stored) return refuse("unknown, expired or revoked");
  if (!names_this_api(stored->scope)) return refuse("another audience");
  return of_person(tx, site, {stored->grant, std::move(stored->scope), stored->issued_at}, std::move(instance));
}

std::optional<std::string> bearer_of(const http::Request& request) {
  const std::string_view header = request.headers.get("Authorization");
  const auto space = header.find(' ');
  if (space == std::string_view::npos || !equals_ignoring_case(header.substr(0, space), "Bearer")) return std::nullopt;
  const auto token = trim(header.substr(space));
  if (token.empty()) return std::nullopt;
  return std::string(token);
}

}  // namespace

bool names_this_api(const std::vector<std::string>& scope) {
  static const std::string kByNumber = "urn:zitadel:iam:org:project:id:" + std::string(kApiProjectId) + ":aud";
  return contains(scope, oidc::kAdministrationScope) || contains(scope, kByNumber);
}

Task<std::expected<Caller, Error>> Authentication::identify(http::Request request) {
  if (trim(request.headers.get("Authorization")).empty())
    co_return std::unexpected(plain(Code::unauthenticated, "auth header missing"));
  const auto token = bearer_of(request);
  auto caller = token ? co_await judge(request, *token) : Identified(refuse("no bearer token"));
  if (caller) co_return std::move(*caller);
  log::info("api_call_refused", {{"request_id", request.id}, {"path", request.path}, {"detail", caller.error()}});
  co_return std::unexpected(failure(Code::unauthenticated, "AUTH-7fs1e", "Errors.Token.Invalid"));
}

Task<Identified> Authentication::judge(http::Request request, std::string token) {
  const http::Site& site = *request.site;
  const Instant now = clock_.now();
  auto instance = co_await db_.read([&](db::Transaction& tx) { return find_instance(tx, site.tenant); });
  if (!instance)
    instance = co_await db_.write([&](db::Transaction& tx) { return ensure_instance(tx, site.tenant, random_, now); });

  std::optional<Credential> signed_one;
  if (token.contains('.')) {
    oidc::AccessTokenRules rules{{site.issuer()}, {oidc::administration_audience(site)}};
    auto verified = co_await tokens_.verify(site.tenant, token, std::move(rules));
    if (!verified) co_return refuse(verified.error().detail);
    if (verified->client_credentials) co_return refuse("an application's own token names no user");
    signed_one = Credential{verified->grant, std::move(verified->scopes), verified->issued_at};
  }
  co_return co_await db_.read([&](db::Transaction& tx) {
    return signed_one ? of_person(tx, site, *signed_one, *instance) : of_opaque(tx, site, token, *instance, now);
  });
}

}  // namespace symbolon::zitadel
