#include "app/token_verifier.h"

#include <string_view>
#include <unordered_set>

#include "base/text.h"
#include "management/system_resource_server.h"
#include "store/client_store.h"
#include "store/resource_server_store.h"
#include "store/tenant_store.h"

namespace symbolon::app {
namespace {

using management::Caller;
using management::Problem;

std::vector<std::string> base_urls(db::Transaction& tx, const TenantId& tenant) {
  std::vector<std::string> urls;
  for (const store::Domain& domain : store::TenantStore(tx).list_domains(tenant))
    if (domain.is_canonical || domain.verified_at) urls.push_back(domain.base_url);
  return urls;
}

// The client may have lost its grant, or the grant some scopes, since the token was made.
std::expected<Caller, Problem> today(db::Transaction& tx, const TenantId& tenant,
                                     const oidc::VerifiedAccessToken& token,
                                     const std::vector<std::string>& audiences) {
  Caller caller{.client = token.client, .subject = token.subject, .scopes = {}};
  if (!token.client_credentials)
    return std::unexpected(Problem{403, "insufficient_scope", "This API takes tokens of the client_credentials grant."});
  store::ClientGrantStore grants(tx, tenant);
  std::optional<model::ClientGrant> grant;
  for (const std::string& audience : audiences)
    if (!grant && contains(token.audiences, audience)) grant = grants.find(token.client, audience, "client");
  // A client's grants go with it, so that whoever has one exists.
  if (!grant && !store::ClientStore(tx, tenant).find(token.client))
    return std::unexpected(Problem{401, {}, "Invalid token"});
  if (!grant)
    return std::unexpected(
        Problem{403, "insufficient_scope", "The client grant that this token was made for does not exist any more."});
  // A management client has some two hundred scopes: not each against each.
  const std::unordered_set<std::string_view> granted(grant->scope.begin(), grant->scope.end());
  for (const std::string& scope : token.scopes)
    if (grant->allow_all_scopes || granted.contains(scope)) caller.scopes.push_back(scope);
  return caller;
}

}  // namespace

Task<std::expected<Caller, Problem>> ManagementTokenVerifier::verify(http::Site site, std::string bearer_token) {
  oidc::AccessTokenRules rules;
  co_await db_.read([&](db::Transaction& tx) {
    rules = {};
    for (const std::string& url : base_urls(tx, site.tenant)) {
      rules.issuers.push_back(url + "/");
      rules.audiences.push_back(management::system_identifier(url));
    }
  });
  const std::vector<std::string> audiences = rules.audiences;
  auto token = co_await tokens_.verify(site.tenant, std::move(bearer_token), std::move(rules));
  if (!token) {
    const std::string& detail = token.error().detail;
    if (detail.contains("expired"))
      co_return std::unexpected(Problem{401, {}, "Expired token received for JSON Web Token validation"});
    if (detail.contains("signature"))
      co_return std::unexpected(Problem{401, {}, "Invalid signature received for JSON Web Token validation"});
    co_return std::unexpected(Problem{401, {}, "Invalid token"});
  }
  co_return co_await db_.read(
      [&](db::Transaction& tx) { return today(tx, site.tenant, *token, audiences); });
}

}  // namespace symbolon::app
