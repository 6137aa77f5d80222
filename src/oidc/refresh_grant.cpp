#include "oidc/refresh_grant.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "login/admission.h"
#include "login/browser_session.h"
#include "login/organisation.h"
#include "oidc/refresh_token_rules.h"
#include "oidc/scopes.h"
#include "oidc/signing_algorithm.h"
#include "store/grant_store.h"
#include "store/log_store.h"
#include "store/refresh_token_store.h"
#include "store/session_store.h"

namespace symbolon::oidc {
namespace {

using model::OAuthCode;
using model::OAuthError;

// Reuse of an older token than these is refused as unknown, so that a family's rows stay bounded.
constexpr std::int64_t kGenerationsKept = 1000;

// Random values are drawn before the unit of work, since it may run twice.
struct Inputs {
  const Caller& caller;
  const model::Client& client;
  const RefreshRequest& request;
  const model::RefreshTokenHash hash;
  const DrawnRefreshToken fresh;
  const tickets::Opaque<model::AccessTokenHash> access_token;
  const Instant now;

  const TenantId& tenant() const { return caller.site->tenant; }
};

struct Refreshed {
  model::Grant grant;  ///< its scope and audience are what this answer is for
  model::User user;
  std::optional<model::ResourceServer> api;
  std::string granted_audience;
  bool rotated = false;
};
using Outcome = std::expected<Refreshed, OAuthError>;

// SDKs look for "invalid refresh token" (OP-20e).
std::unexpected<OAuthError> refuse(std::string detail) {
  return std::unexpected(OAuthError{OAuthCode::invalid_grant, "Unknown or invalid refresh token.", std::move(detail)});
}

std::unexpected<OAuthError> refuse(const login::Refusal& refusal) {
  const std::string& why = refusal.error.description;
  const bool blocked = refusal.cause == login::RefusalCause::user_blocked;
  return std::unexpected(OAuthError{OAuthCode::invalid_grant, blocked ? why : "invalid refresh token: " + why,
                                    refusal.rule + ": " + refusal.error.detail});
}

model::LogEvent event_of(const Inputs& in, const model::RefreshToken& token, std::string type,
                         std::string description) {
  model::LogEvent event = in.caller.event(std::move(type), in.now);
  event.description = std::move(description);
  event.client = in.client.id;
  event.client_name = in.client.name;
  event.user = token.user;
  return event;
}

std::unexpected<OAuthError> revoke_reused(db::Transaction& tx, const Inputs& in, const model::RefreshToken& token) {
  store::RefreshTokenStore(tx, in.tenant()).revoke_family(token);
  store::GrantStore(tx, in.tenant()).revoke(token.grant, in.now);
  store::LogStore(tx, in.tenant())
      .insert(event_of(in, token, "ferrt", "A refresh token was used again after its replacement"));
  return refuse("reused; its family is revoked");
}

// The token from which another was made a moment ago: its answer may have been lost on the way (RT-4).
bool is_within_leeway(store::RefreshTokenStore& tokens, const model::RefreshToken& token,
                      const model::RefreshTokenPolicy& policy, Instant now) {
  return policy.leeway.count() > 0 && token.replaced_at && now <= *token.replaced_at + policy.leeway &&
         tokens.newest_generation(token) == token.generation + 1;
}

bool has_expired(const model::RefreshToken& token, const model::RefreshTokenPolicy& policy, Instant now) {
  if (token.expires_at && now >= *token.expires_at) return true;
  if (!token.idle_expires_at) return false;
  // A shortened idle time acts on tokens that were made before; a lengthened one from the next use on.
  Instant end = *token.idle_expires_at;
  if (policy.expiring && !policy.infinite_idle_lifetime) end = std::min(end, token.last_used_at + policy.idle_lifetime);
  return now >= end;
}

bool is_over(const model::Grant& grant, const model::Connection& connection, const model::RefreshToken& token,
             Instant now) {
  return grant.session_expiry && now >= *grant.session_expiry &&
         (token.online || connection.upstream.bind_refresh_tokens_to_session_expiry);
}

// Today's permission for the granted scope: what was taken from API or application since then is gone.
std::expected<std::vector<std::string>, OAuthError> todays_scope(const Inputs& in,
                                                                 const std::vector<std::string>& granted,
                                                                 const std::optional<ApiAccess>& access,
                                                                 bool drop_unlisted) {
  auto scope = scopes_for_user(in.client, access ? &*access : nullptr, granted, false);
  if (!scope)
    return std::unexpected(OAuthError{OAuthCode::invalid_grant, "invalid refresh token: " + scope.error().description,
                                      scope.error().detail});
  if (in.request.scope.empty()) return scope;
  for (const std::string& asked : in.request.scope)
    if (!drop_unlisted && !contains(granted, asked))
      return std::unexpected(OAuthError{OAuthCode::invalid_scope, "a scope goes beyond the granted one", asked});
  std::erase_if(*scope, [&](const std::string& one) { return !contains(in.request.scope, one); });
  return scope;
}

// Everything that may refuse without spending the token; `connection` is filled for the log.
Outcome judge(db::Transaction& tx, const Inputs& in, const model::RefreshToken& token, model::Connection& connection) {
  auto grant = store::GrantStore(tx, in.tenant()).find(token.grant);
  if (!grant || grant->revoked_at) return refuse("grant revoked");
  if (token.online) {
    const auto session = store::SessionStore(tx, in.tenant()).find(token.session);
    if (!session || !login::is_live_today(tx, *session, in.now)) return refuse("session ended");
  }
  auto admitted = login::admit(tx, in.tenant(), in.client, {grant->connection, login::organisation_of(grant->scope), grant->user, token.created_at});
  if (!admitted) return refuse(admitted.error());
  if (is_over(*grant, admitted->connection, token, in.now)) return refuse("the provider's session_expiry has passed");

  auto named = named_audience(tx, in.tenant(), in.request.audience, in.request.resource);
  if (!named) return std::unexpected(std::move(named.error()));
  const std::string audience = named->empty() ? grant->audience : std::move(*named);
  std::optional<ApiAccess> access;
  if (!audience.empty()) access = find_api_access(tx, in.tenant(), in.client.id, audience, "user");
  const auto* resource = find_refresh_resource(in.client, access ? &*access : nullptr);
  if (audience != grant->audience && !resource)
    return std::unexpected(
        OAuthError{OAuthCode::invalid_request, "the refresh token was issued for another audience", {}});
  if (!audience.empty()) {
    if (!access) return refuse("API deleted");
    if (!find_signing_algorithm(access->api.signing_algorithm))
      return std::unexpected(unsupported_algorithm("the API", access->api.signing_algorithm));
  }
  if (!may_refresh(in.client, access ? &access->api : nullptr)) return refuse("refreshing was switched off");
  auto scope = todays_scope(in, scope_for_refresh(in.client, *grant, audience, resource), access, resource != nullptr);
  if (!scope) return std::unexpected(std::move(scope.error()));
  Refreshed done{std::move(*grant), std::move(*admitted->user), {}, {}};
  done.granted_audience = std::exchange(done.grant.audience, audience);
  if (access) done.api = std::move(access->api);
  done.grant.scope = std::move(*scope);
  if (contains(done.grant.scope, "openid") && !find_signing_algorithm(in.client.id_token_algorithm))
    return std::unexpected(unsupported_algorithm("the application", in.client.id_token_algorithm));
  connection = std::move(admitted->connection);
  return done;
}

void insert_successor(store::RefreshTokenStore& tokens, const Inputs& in, model::RefreshToken token,
                      const RefreshTokenEnds& ends) {
  token.id = in.fresh.id;
  token.hash = in.fresh.token.hash;
  token.rotating = true;
  token.created_at = token.last_used_at = in.now;
  token.expires_at = ends.absolute;
  token.idle_expires_at = ends.idle;
  token.replaced_at.reset();
  tokens.insert(token);
}

// False: somebody else was quicker with this very token.
bool rotate(store::RefreshTokenStore& tokens, const Inputs& in, const model::RefreshToken& token) {
  const RefreshTokenEnds ends = ends_of(in.client.refresh, token.expires_at, in.now);
  model::RefreshToken successor = token;
  ++successor.generation;
  if (!token.replaced_at) {
    if (!tokens.take_newest(token.hash, in.now)) return false;
    if (in.client.refresh.leeway.count() > 0) tokens.retire_generation(token, in.now);
    if (token.generation > kGenerationsKept) tokens.forget_before(token, token.generation - kGenerationsKept);
  }
  insert_successor(tokens, in, std::move(successor), ends);
  return true;
}

// RT-6: the client was switched to rotation, so its tokens that do not rotate go.
void convert(store::RefreshTokenStore& tokens, const Inputs& in, const model::RefreshToken& token,
             const std::string& audience) {
  tokens.revoke_unrotating(token.user, token.client, audience);
  model::RefreshToken first = token;
  first.family = in.fresh.family;
  first.generation = 0;
  insert_successor(tokens, in, std::move(first), ends_of(in.client.refresh, token.expires_at, in.now));
}

void write_success(db::Transaction& tx, const Inputs& in, const Refreshed& done, const model::RefreshToken& token,
                   const model::Connection& connection) {
  const auto lifetime = done.api ? done.api->token_lifetime : kUserinfoTokenLifetime;
  if (!done.api)
    store::AccessTokenStore(tx, in.tenant())
        .insert({in.access_token.hash, done.grant.id, in.client.id, done.grant.user, done.grant.base_url,
                 done.grant.scope, in.now, in.now + lifetime});
  store::GrantStore(tx, in.tenant()).extend(done.grant, in.now + lifetime);
  model::LogEvent event = event_of(in, token, "sertft", "Refresh token for access token");
  event.connection_id = connection.id;
  event.connection = connection.name;
  event.strategy = to_string(connection.upstream.strategy);
  event.user_name = done.user.email;
  event.audience = done.grant.audience;
  store::LogStore(tx, in.tenant()).insert(std::move(event));
}

// A refusal is returned and not thrown: throwing would undo the revocation of a reused family.
Outcome refresh_in(db::Transaction& tx, const Inputs& in) {
  store::RefreshTokenStore tokens(tx, in.tenant());
  const auto& policy = in.client.refresh;
  const auto token = tokens.find(in.hash);
  if (!token) return refuse("unknown token");
  if (token->client != in.client.id) return refuse("token belongs to another client");
  if (token->base_url != in.caller.site->base_url) return refuse("token was issued on another host");
  if (token->replaced_at && !is_within_leeway(tokens, *token, policy, in.now)) return revoke_reused(tx, in, *token);
  if (has_expired(*token, policy, in.now)) return refuse("token expired");
  if (token->rotating && !policy.rotating) {
    tokens.revoke_family(*token);
    return refuse("the client does not rotate any more; its rotating tokens are void");
  }

  model::Connection connection;
  auto done = judge(tx, in, *token, connection);
  if (!done) return done;
  done->rotated = policy.rotating;
  if (!policy.rotating) {
    const RefreshTokenEnds ends = ends_of(policy, token->expires_at, in.now);
    tokens.touch(token->hash, in.now, ends.idle, ends.absolute);
  } else if (!token->rotating) {
    convert(tokens, in, *token, done->granted_audience);
  } else if (!rotate(tokens, in, *token)) {
    return revoke_reused(tx, in, *token);
  }
  write_success(tx, in, *done, *token, connection);
  return done;
}

// OpenID Connect Core §12.2: the ID token speaks of the sign-in as the first one did, without its nonce.
TokenOrder order_for(const Caller& caller, model::Client client, Refreshed done, std::string opaque, Instant now) {
  TokenOrder order = TokenOrder::under_grant(*caller.site, std::move(client), std::move(done.grant),
                                             std::move(done.user), std::move(done.api), std::move(opaque), now);
  order.gty = "refresh_token";
  return order;
}

}  // namespace

RefreshRequest RefreshRequest::from(const http::Form& form) {
  return {form.get("refresh_token"), form.get("audience"), form.get("resource"), split_words(form.get("scope"))};
}

Task<std::expected<TokenSet, OAuthError>> RefreshGrant::refresh(Caller caller, model::Client client,
                                                                RefreshRequest request) {
  if (request.refresh_token.empty())
    co_return std::unexpected(OAuthError{OAuthCode::invalid_request, "refresh_token is missing", {}});

  const Instant now = clock_.now();
  const Inputs in{.caller = caller,
                  .client = client,
                  .request = request,
                  .hash = tickets::hash_refresh_token(request.refresh_token),
                  .fresh = draw_refresh_token(random_, now),
                  .access_token = tickets::make_access_token(random_, now),
                  .now = now};
  auto done = co_await db_.write([&](db::Transaction& tx) { return refresh_in(tx, in); });
  if (!done) co_return std::unexpected(std::move(done.error()));
  const bool rotated = done->rotated;
  TokenSet tokens =
      co_await issuer_.issue(order_for(caller, std::move(client), std::move(*done), in.access_token.value, in.now));
  if (rotated) tokens.refresh_token = in.fresh.token.value;
  co_return tokens;
}

}  // namespace symbolon::oidc
