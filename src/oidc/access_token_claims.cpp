#include "oidc/access_token_claims.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "oidc/our_apis.h"
#include "oidc/scopes.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;

bj::value audience_of(const AccessTokenFacts& facts) {
  bj::array audience{bj::string(facts.api.identifier)};
  if (contains(facts.scope, "openid")) audience.emplace_back(userinfo_audience(facts.site));
  // Login-runtime OP-A: asked for beside another API.
  const std::string administration = administration_audience(facts.site);
  if (contains(facts.scope, kAdministrationScope) && facts.api.identifier != administration)
    audience.emplace_back(administration);
  if (audience.size() == 1) return audience.front();
  return audience;
}

}  // namespace

bj::object access_token_claims(const AccessTokenFacts& facts) {
  const std::int64_t iat = to_epoch_seconds(facts.now);
  bj::object claims{{"iss", facts.site.issuer()},
                    {"sub", facts.subject},
                    {"aud", audience_of(facts)},
                    {facts.api.rfc9068 ? "client_id" : "azp", facts.client.str()},
                    {"iat", iat},
                    {"exp", iat + facts.lifetime.count()},
                    {"scope", join(facts.scope, " ")},
                    {"jti", facts.jti}};
  if (!facts.gty.empty() && !facts.api.rfc9068) claims["gty"] = facts.gty;
  return claims;
}

std::string_view access_token_type(const model::ResourceServer& api) { return api.rfc9068 ? "at+jwt" : "JWT"; }

std::string make_jti(const GrantId& grant, std::string_view random) { return grant.str() + "." + std::string(random); }

GrantId grant_of_jti(std::string_view jti) {
  const auto dot = jti.find('.');
  return dot == std::string_view::npos ? GrantId() : GrantId(std::string(jti.substr(0, dot)));
}

}  // namespace symbolon::oidc
