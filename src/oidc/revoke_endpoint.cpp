#include "oidc/revoke_endpoint.h"

#include "base/log.h"
#include "login/event_names.h"
#include "oidc/client_form.h"
#include "oidc/cors.h"
#include "oidc/oauth_error.h"
#include "store/grant_store.h"
#include "store/log_store.h"
#include "store/refresh_token_store.h"
#include "store/tenant_store.h"
#include "tickets/opaque.h"

namespace symbolon::oidc {
namespace {

using model::OAuthCode;
using model::OAuthError;
using Refusal = std::optional<OAuthError>;

// What the token may be; its kind is in its hash.
struct Hashes {
  model::RefreshTokenHash refresh;
  model::AccessTokenHash access;
};

Refusal foreign_token() { return OAuthError{OAuthCode::invalid_grant, "the token was issued to another client", {}}; }

bool revokes_whole_grants(db::Transaction& tx, const TenantId& tenant) {
  const auto found = store::TenantStore(tx).find(tenant);
  if (!found) return false;
  const auto flag = found->flags.find("revoke_refresh_token_grant");
  return flag != found->flags.end() && flag->second;
}

void revoke_refresh_token(db::Transaction& tx, const Caller& caller, const model::Client& client,
                          const model::RefreshToken& token, Instant now) {
  const TenantId& tenant = caller.site->tenant;
  store::GrantStore grants(tx, tenant);
  const auto grant = grants.find(token.grant);
  store::RefreshTokenStore(tx, tenant).revoke_family(token);
  grants.revoke(token.grant, now);
  if (grant && revokes_whole_grants(tx, tenant))
    store::RefreshTokenStore(tx, tenant).revoke_of_user_client_audience(token.user, client.id, grant->audience);

  model::LogEvent event = caller.event("srrt", now);
  event.description = "Refresh token revoked by its client";
  event.client = client.id;
  event.client_name = client.name;
  event.user = token.user;
  if (grant) event.connection_id = grant->connection;
  login::fill_names(tx, tenant, event);
  store::LogStore(tx, tenant).insert(std::move(event));
}

Refusal revoke_in(db::Transaction& tx, const Caller& caller, const model::Client& client, const Hashes& hashes,
                  Instant now) {
  const TenantId& tenant = caller.site->tenant;
  if (const auto token = store::RefreshTokenStore(tx, tenant).find(hashes.refresh)) {
    if (token->client != client.id) return foreign_token();
    revoke_refresh_token(tx, caller, client, *token, now);
    return std::nullopt;
  }
  store::AccessTokenStore access_tokens(tx, tenant);
  if (const auto token = access_tokens.find(hashes.access)) {
    if (token->client != client.id) return foreign_token();
    access_tokens.remove(hashes.access);
  }
  return std::nullopt;  // RFC 7009 §2.2: an unknown token is as good as revoked
}

}  // namespace

Task<http::Response> RevokeEndpoint::handle(http::Request request) {
  const http::Site& site = *request.site;
  auto form = read_client_form(request);
  if (!form) co_return co_await allow_known_origin(render(site, form.error()), request, db_);
  const bool basic = tries_basic(request.headers);
  auto client = co_await clients_.authenticate(request, *form);
  if (!client) co_return co_await allow_known_origin(render_token_error(site, client.error(), basic), request, db_);
  const auto refusal = co_await revoke(Caller::of(request), *client, form->get("token"));
  if (refusal)
    log::info("revocation_refused", {{"request_id", request.id},
                                     {"tenant", site.tenant.str()},
                                     {"client_id", client->id.str()},
                                     {"description", refusal->description}});
  http::Response response = refusal ? render_token_error(site, *refusal, basic) : http::empty_response(200);
  if (!refusal) protect(response, site);
  allow_client_origin(response, request, *client);
  co_return response;
}

Task<Refusal> RevokeEndpoint::revoke(Caller caller, model::Client client, std::string token) {
  if (token.empty()) co_return OAuthError{OAuthCode::invalid_request, "token is missing", {}};
  const Hashes hashes{tickets::hash_refresh_token(token), tickets::hash_access_token(token)};
  const Instant now = clock_.now();
  co_return co_await db_.write([&](db::Transaction& tx) { return revoke_in(tx, caller, client, hashes, now); });
}

}  // namespace symbolon::oidc
