#include "oidc/id_token_claims.h"

#include <array>
#include <boost/json.hpp>

#include "json/parse.h"
#include "oidc/our_apis.h"
#include "oidc/user_claims.h"
#include "upstream/attribute_names.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;

bool is_namespaced(std::string_view claim) { return claim.starts_with("https://") || claim.starts_with("http://"); }

// Everything that `user.…` may name: the profile with the record's own members over it.
bj::object mappable_user(const model::User& user, bj::object profile) {
  profile["user_id"] = user.id.str();
  if (!user.email.empty()) {
    profile["email"] = user.email;
    profile["email_verified"] = user.email_verified;
  }
  if (!user.username.empty()) profile["username"] = user.username;
  if (!user.user_metadata.empty()) profile["user_metadata"] = json::parse_object(user.user_metadata).value();
  if (!user.app_metadata.empty()) profile["app_metadata"] = json::parse_object(user.app_metadata).value();
  return profile;
}

// ID-1: never a claim that already means something, and no short names in tokens that stand next to our own APIs'.
void add_configured_claims(bj::object& claims, const IdTokenFacts& facts, bj::object profile) {
  if (facts.client.id_token_claims.empty()) return;
  const bj::object user = mappable_user(facts.user, std::move(profile));
  const bool only_namespaced = is_our_api(facts.site, facts.grant.audience);
  for (const auto& [target, path] : facts.client.id_token_claims) {
    if (upstream::is_restricted_attribute(target) || claims.contains(target)) continue;
    if (only_namespaced && !is_namespaced(target)) continue;
    if (const bj::value* value = find_user_attribute(user, path)) claims[target] = *value;
  }
}

}  // namespace

bj::object id_token_claims(const IdTokenFacts& facts) {
  const model::Grant& grant = facts.grant;
  const std::int64_t iat = to_epoch_seconds(facts.now);
  bj::object claims{{"iss", facts.site.issuer()},
                    {"sub", grant.user.str()},
                    {"aud", facts.client.id.str()},
                    {"iat", iat},
                    {"exp", iat + facts.client.id_token_lifetime.count()},
                    {"auth_time", to_epoch_seconds(grant.auth_time)}};
  if (!grant.session.empty()) claims["sid"] = grant.session.str();
  if (!facts.nonce.empty()) claims["nonce"] = facts.nonce;
  if (!grant.acr.empty()) claims["acr"] = grant.acr;
  if (!grant.amr.empty()) claims["amr"] = bj::value_from(grant.amr);
  if (grant.session_expiry && facts.client.session_expiry_claim)
    claims["session_expiry"] = to_epoch_seconds(*grant.session_expiry);

  bj::object profile = profile_of(facts.user, grant.login_claims);
  if (facts.client.id_token_profile_claims || !facts.with_access_token)
    add_scope_claims(claims, facts.user, profile, grant.scope);
  // Third-party applications get what consent covers, and consent speaks of scopes.
  if (facts.client.first_party) add_requested_claims(claims, facts.user, profile, grant.claims.id_token);
  add_configured_claims(claims, facts, std::move(profile));
  return claims;
}

}  // namespace symbolon::oidc
