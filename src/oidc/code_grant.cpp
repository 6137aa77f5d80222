#include "oidc/code_grant.h"

#include "base/text.h"
#include "jose/pkce.h"
#include "login/admission.h"
#include "login/browser_session.h"
#include "login/organisation.h"
#include "oidc/scopes.h"
#include "oidc/refresh_token_rules.h"
#include "oidc/signing_algorithm.h"
#include "store/grant_store.h"
#include "store/log_store.h"
#include "store/session_store.h"
#include "tickets/opaque.h"

namespace symbolon::oidc {
namespace {

using model::OAuthCode;
using model::OAuthError;

// Random values are drawn before the unit of work, since it may run twice.
struct Inputs {
  const Caller& caller;
  const model::Client& client;
  const CodeRedemption& request;
  const model::CodeHash code;
  const tickets::Opaque<model::AccessTokenHash> access_token;
  const DrawnRefreshToken refresh_token;
  const Instant now;
};

struct Redeemed {
  model::Grant grant;
  model::User user;
  std::optional<model::ResourceServer> api;
  std::string nonce;
  bool refreshable = false;
};
using Outcome = std::expected<Redeemed, OAuthError>;

std::unexpected<OAuthError> refuse(std::string detail) {
  return std::unexpected(OAuthError{OAuthCode::invalid_grant, "Invalid authorization code", std::move(detail)});
}

std::unexpected<OAuthError> refuse_unknown(db::Transaction& tx, const Inputs& in) {
  const TenantId& tenant = in.caller.site->tenant;
  const auto grant = store::CodeStore(tx, tenant).find_used(in.code);
  if (!grant) return refuse("unknown code");
  store::GrantStore(tx, tenant).revoke(*grant, in.now);
  return refuse("code used twice; its tokens are revoked");
}

bool is_same_redirect(const model::AuthorizationCode& code, const std::string& redirect_uri) {
  if (redirect_uri.empty()) return !code.redirect_uri_was_sent;
  return redirect_uri == code.redirect_uri;
}

// RFC 9700 §4.8.2: a verifier without a challenge means that somebody took the challenge out on the way.
bool is_same_pkce(const model::AuthorizationCode& code, const std::string& verifier) {
  return code.challenge.empty() ? verifier.empty() : jose::matches_challenge(code.challenge, verifier);
}

void write_success(db::Transaction& tx, const Inputs& in, const Redeemed& done, const model::Connection& connection) {
  const TenantId& tenant = in.caller.site->tenant;
  const auto lifetime = done.api ? done.api->token_lifetime : kUserinfoTokenLifetime;
  if (!done.api)
    store::AccessTokenStore(tx, tenant)
        .insert({in.access_token.hash, done.grant.id, in.client.id, done.grant.user, done.grant.base_url,
                 done.grant.scope, in.now, in.now + lifetime});
  store::GrantStore(tx, tenant).extend(done.grant, in.now + lifetime);
  if (done.refreshable) insert_first_refresh_token(tx, in.refresh_token, in.client, done.grant, in.now);

  model::LogEvent event = in.caller.event("seacft", in.now);
  event.description = "Authorization code for access token";
  event.client = in.client.id;
  event.client_name = in.client.name;
  event.connection_id = connection.id;
  event.connection = connection.name;
  event.strategy = to_string(connection.upstream.strategy);
  event.user = done.grant.user;
  event.user_name = done.user.email;
  event.audience = done.grant.audience;
  store::LogStore(tx, tenant).insert(std::move(event));
}

// A refusal is returned and not thrown: throwing would undo the taking, and the code could be tried again.
Outcome redeem_in(db::Transaction& tx, const Inputs& in) {
  const http::Site& site = *in.caller.site;
  const auto code = store::CodeStore(tx, site.tenant).take(in.code, in.now);
  if (!code) return refuse_unknown(tx, in);
  if (in.now >= code->expires_at) return refuse("code expired");
  if (code->client != in.client.id) return refuse("code belongs to another client");
  if (code->base_url != site.base_url) return refuse("code was issued on another host");
  if (!is_same_redirect(*code, in.request.redirect_uri)) return refuse("redirect_uri differs");
  if (!is_same_pkce(*code, in.request.verifier)) return refuse("PKCE mismatch");

  auto grant = store::GrantStore(tx, site.tenant).find(code->grant);
  if (!grant || grant->revoked_at) return refuse("grant revoked");
  if (!in.request.resource.empty()) {
    const auto named = named_audience(tx, site.tenant, in.request.audience, in.request.resource);
    if (!named) return std::unexpected(named.error());
    if (*named == in.request.resource && *named != grant->audience)
      return std::unexpected(OAuthError{OAuthCode::invalid_request, "the code was issued for another audience", {}});
  }
  const auto session = store::SessionStore(tx, site.tenant).find(grant->session);
  if (!session || !login::is_live_today(tx, *session, in.now)) return refuse("session ended");
  auto admitted = login::admit(tx, site.tenant, in.client, {grant->connection, login::organisation_of(grant->scope), grant->user, grant->created_at});
  if (!admitted)
    return std::unexpected(OAuthError{OAuthCode::invalid_grant, admitted.error().error.description,
                                      admitted.error().rule + ": " + admitted.error().error.detail});

  Redeemed done{std::move(*grant), std::move(*admitted->user), {}, code->nonce};
  if (contains(done.grant.scope, "openid") && !find_signing_algorithm(in.client.id_token_algorithm))
    return std::unexpected(unsupported_algorithm("the application", in.client.id_token_algorithm));
  if (!done.grant.audience.empty()) {
    auto access = find_api_access(tx, site.tenant, in.client.id, done.grant.audience, "user");
    if (!access) return refuse("API deleted");
    auto scope = scopes_for_user(in.client, &*access, done.grant.scope, false);
    if (!scope) return refuse("the application may not use the API any more");
    done.grant.scope = std::move(*scope);
    done.api = std::move(access->api);
    if (!find_signing_algorithm(done.api->signing_algorithm))
      return std::unexpected(unsupported_algorithm("the API", done.api->signing_algorithm));
  }
  done.refreshable =
      wants_refresh_token(done.grant.scope) && may_refresh(in.client, done.api ? &*done.api : nullptr);
  write_success(tx, in, done, admitted->connection);
  return done;
}

TokenOrder order_for(const Caller& caller, model::Client client, Redeemed done, std::string opaque, Instant now) {
  TokenOrder order = TokenOrder::under_grant(*caller.site, std::move(client), std::move(done.grant),
                                             std::move(done.user), std::move(done.api), std::move(opaque), now);
  order.nonce = std::move(done.nonce);
  return order;
}

}  // namespace

CodeRedemption CodeRedemption::from(const http::Form& form) {
  return {form.get("code"), form.get("redirect_uri"), form.get("code_verifier"), form.get("audience"),
          form.get("resource")};
}

Task<std::expected<TokenSet, OAuthError>> CodeGrant::redeem(Caller caller, model::Client client,
                                                            CodeRedemption request) {
  if (request.code.empty()) co_return std::unexpected(OAuthError{OAuthCode::invalid_request, "code is missing", {}});

  const Instant now = clock_.now();
  const Inputs in{.caller = caller,
                  .client = client,
                  .request = request,
                  .code = tickets::hash_code(request.code),
                  .access_token = tickets::make_access_token(random_, now),
                  .refresh_token = draw_refresh_token(random_, now),
                  .now = now};
  auto done = co_await db_.write([&](db::Transaction& tx) { return redeem_in(tx, in); });
  if (!done) co_return std::unexpected(std::move(done.error()));
  const bool refreshable = done->refreshable;
  TokenSet tokens = co_await issuer_.issue(
      order_for(caller, std::move(client), std::move(*done), in.access_token.value, in.now));
  if (refreshable) tokens.refresh_token = in.refresh_token.token.value;
  co_return tokens;
}

}  // namespace symbolon::oidc
