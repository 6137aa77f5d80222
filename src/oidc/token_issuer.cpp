#include "oidc/token_issuer.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "jose/token_hash.h"
#include "oidc/access_token_claims.h"
#include "oidc/id_token_claims.h"
#include "oidc/signing_algorithm.h"

namespace symbolon::oidc {
namespace {

constexpr std::size_t kJtiBytes = 12;

// The records were checked when the request was taken; that they name another algorithm now is a race with an
// administrator, and the caller gets a server error.
crypto::SignatureAlgorithm algorithm_or_throw(std::string_view name) {
  const auto algorithm = find_signing_algorithm(name);
  if (!algorithm) throw std::runtime_error("tokens signed with " + std::string(name) + " are not offered");
  return *algorithm;
}

// Waking a worker, and being woken by it, takes longer than an ES256 signature; an RSA one would stall everybody else on
// this thread.
bool is_quick(std::string_view algorithm) { return algorithm == "ES256"; }

bool signs_quickly(const TokenOrder& order) {
  return (!order.wants_access_token || !order.api || is_quick(order.api->signing_algorithm)) &&
         (!order.wants_id_token || is_quick(order.client.id_token_algorithm));
}

std::string sign_access_token(const SigningKeySet& keys, const TokenOrder& order, const std::string& jti) {
  if (!order.api) return order.opaque_access_token;
  return keys.sign(algorithm_or_throw(order.api->signing_algorithm), access_token_type(*order.api),
                   access_token_claims({.site = order.site,
                                        .api = *order.api,
                                        .client = order.client.id,
                                        .subject = order.grant.user.str(),
                                        .scope = order.grant.scope,
                                        .jti = jti,
                                        .gty = order.gty,
                                        .now = order.now,
                                        .lifetime = order.access_token_lifetime}));
}

std::string sign_id_token(const SigningKeySet& keys, const TokenOrder& order, const std::string& access_token) {
  const auto algorithm = algorithm_or_throw(order.client.id_token_algorithm);
  boost::json::object claims = id_token_claims({.site = order.site,
                                                .client = order.client,
                                                .grant = order.grant,
                                                .user = order.user,
                                                .nonce = order.nonce,
                                                .with_access_token = !access_token.empty(),
                                                .now = order.now});
  if (!access_token.empty()) claims["at_hash"] = jose::token_hash(algorithm, access_token);
  if (!order.code.empty()) claims["c_hash"] = jose::token_hash(algorithm, order.code);
  return keys.sign(algorithm, "JWT", claims);
}

}  // namespace

TokenOrder TokenOrder::under_grant(http::Site site, model::Client client, model::Grant grant, model::User user,
                                   std::optional<model::ResourceServer> api, std::string opaque, Instant now) {
  TokenOrder order;
  order.site = std::move(site);
  order.client = std::move(client);
  order.wants_id_token = contains(grant.scope, "openid");
  order.grant = std::move(grant);
  order.user = std::move(user);
  order.access_token_lifetime = api ? api->token_lifetime : kUserinfoTokenLifetime;
  order.api = std::move(api);
  order.opaque_access_token = std::move(opaque);
  order.now = now;
  return order;
}

Task<TokenSet> TokenIssuer::issue(TokenOrder order) {
  TokenSet tokens;
  tokens.scope = join(order.grant.scope, " ");
  if (order.wants_access_token) tokens.expires_in = order.access_token_lifetime;
  const bool signs = order.wants_id_token || (order.wants_access_token && order.api);
  if (!signs) {
    tokens.access_token = std::move(order.opaque_access_token);
    co_return tokens;
  }
  const auto keys = co_await keys_.get(order.site.tenant);
  const std::string jti = make_jti(order.grant.id, random_token(random_, kJtiBytes));
  const auto sign = [&] {
    if (order.wants_access_token) tokens.access_token = sign_access_token(*keys, order, jti);
    if (order.wants_id_token) tokens.id_token = sign_id_token(*keys, order, tokens.access_token);
  };
  if (signs_quickly(order)) {
    sign();
  } else {
    co_await workers_.run(sign);
  }
  co_return tokens;
}

Task<TokenSet> TokenIssuer::issue_for_client(http::Site site, ClientId client, model::ResourceServer api,
                                             std::vector<std::string> scope, Instant now) {
  const auto keys = co_await keys_.get(site.tenant);
  TokenSet tokens;
  tokens.scope = join(scope, " ");
  tokens.expires_in = api.token_lifetime;
  const auto claims = access_token_claims({.site = site,
                                           .api = api,
                                           .client = client,
                                           .subject = client.str() + "@clients",
                                           .scope = scope,
                                           .jti = random_token(random_, kJtiBytes),
                                           .gty = "client-credentials",
                                           .now = now,
                                           .lifetime = api.token_lifetime});
  const auto sign = [&] {
    return keys->sign(algorithm_or_throw(api.signing_algorithm), access_token_type(api), claims);
  };
  tokens.access_token = is_quick(api.signing_algorithm) ? sign() : co_await workers_.run(sign);
  co_return tokens;
}

}  // namespace symbolon::oidc
