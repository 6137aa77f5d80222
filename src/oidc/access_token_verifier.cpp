#include "oidc/access_token_verifier.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "jose/verify.h"
#include "json/read.h"
#include "oidc/access_token_claims.h"
#include "oidc/signing_algorithm.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using model::OAuthCode;
using model::OAuthError;

using Verified = std::expected<VerifiedAccessToken, OAuthError>;

std::unexpected<OAuthError> refuse(std::string detail) {
  return std::unexpected(OAuthError{OAuthCode::invalid_token, "the access token is not valid here", std::move(detail)});
}

std::vector<std::string> read_audience(const bj::object& claims) {
  if (auto one = json::find_string(claims, "aud")) return {std::move(*one)};
  return json::find_strings(claims, "aud").value_or(std::vector<std::string>());
}

Verified judge(const bj::object& claims, const AccessTokenRules& rules, Instant now) {
  const auto iat = json::find_integer(claims, "iat");
  const auto exp = json::find_integer(claims, "exp");
  VerifiedAccessToken token;
  token.issuer = json::find_string(claims, "iss").value_or("");
  token.subject = json::find_string(claims, "sub").value_or("");
  token.audiences = read_audience(claims);
  token.client =
      ClientId(json::find_string(claims, "azp").value_or(json::find_string(claims, "client_id").value_or("")));
  const auto scope = json::find_string(claims, "scope");
  token.jti = json::find_string(claims, "jti").value_or("");

  if (!contains(rules.issuers, token.issuer)) return refuse("another issuer");
  if (!rules.any_audience &&
      std::ranges::none_of(token.audiences, [&](const auto& aud) { return contains(rules.audiences, aud); }))
    return refuse("another audience");
  if (!iat || !exp) return refuse("iat or exp is missing");
  if (to_epoch_seconds(now) >= *exp) return refuse("expired");
  if (token.subject.empty() || token.client.empty() || token.jti.empty() || !scope) return refuse("no access token");

  token.scopes = split_words(*scope);
  token.grant = grant_of_jti(token.jti);
  token.client_credentials = token.subject == token.client.str() + "@clients";
  token.issued_at = from_epoch_seconds(*iat);
  token.expires_at = from_epoch_seconds(*exp);
  return token;
}

}  // namespace

bool VerifiedAccessToken::has_scope(std::string_view scope) const { return contains(scopes, scope); }

Task<Verified> AccessTokenVerifier::verify(TenantId tenant, std::string token, AccessTokenRules rules) {
  const auto jws = jose::Jws::parse(std::move(token));
  if (!jws) co_return refuse(std::string(to_string(jws.error())));
  if (!jws->key_id()) co_return refuse("no kid");
  if (!jws->has_type("JWT") && !jws->has_type("at+jwt")) co_return refuse("another kind of token");

  auto keys = co_await keys_.get(tenant);
  auto signature = jose::verify(*jws, keys->public_keys(), accepted_algorithms());
  if (!signature && signature.error() == jose::JoseError::unknown_key) {
    keys = co_await keys_.refresh(tenant);
    signature = jose::verify(*jws, keys->public_keys(), accepted_algorithms());
  }
  if (!signature) co_return refuse(std::string(to_string(signature.error())));
  const auto claims = jws->payload();
  if (!claims) co_return refuse(std::string(to_string(claims.error())));
  co_return judge(*claims, rules, clock_.now());
}

}  // namespace symbolon::oidc
