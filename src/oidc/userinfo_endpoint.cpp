#include "oidc/userinfo_endpoint.h"

#include <boost/json.hpp>

#include "base/log.h"
#include "base/text.h"
#include "login/admission.h"
#include "login/organisation.h"
#include "oidc/bearer_token.h"
#include "oidc/cors.h"
#include "oidc/oauth_error.h"
#include "oidc/our_apis.h"
#include "oidc/user_claims.h"
#include "store/client_store.h"
#include "store/grant_store.h"
#include "tickets/opaque.h"

namespace symbolon::oidc {
namespace {

using model::OAuthCode;
using model::OAuthError;

std::unexpected<OAuthError> refuse(std::string detail) {
  return std::unexpected(OAuthError{OAuthCode::invalid_token, "the access token is not valid here", std::move(detail)});
}

// What either kind of access token comes down to.
struct Credential {
  GrantId grant;
  std::vector<std::string> scope;
  Instant issued_at{};
};

struct Found {
  model::Client client;
  model::User user;
  std::vector<std::string> scope;
  std::vector<std::string> requested;  ///< claims by name
};
using Search = std::expected<Found, OAuthError>;

Search find_person(db::Transaction& tx, const http::Site& site, Credential credential) {
  const auto grant = store::GrantStore(tx, site.tenant).find(credential.grant);
  if (!grant || grant->revoked_at) return refuse("grant revoked");
  if (grant->base_url != site.base_url) return refuse("issued on another host");
  auto client = store::ClientStore(tx, site.tenant).find(grant->client);
  if (!client) return refuse("client deleted");
  auto admitted = login::admit(tx, site.tenant, *client, {grant->connection, login::organisation_of(grant->scope), grant->user, credential.issued_at});
  if (!admitted) return refuse(admitted.error().rule + ": " + admitted.error().error.description);
  Found found{std::move(*client), std::move(*admitted->user), std::move(credential.scope), {}};
  // Third-party applications get what consent covers, and consent speaks of scopes.
  if (found.client.first_party) found.requested = grant->claims.userinfo;
  return found;
}

Search find_by_opaque(db::Transaction& tx, const http::Site& site, const model::AccessTokenHash& hash, Instant now) {
  auto stored = store::AccessTokenStore(tx, site.tenant).find_live(hash, now);
  if (!stored) return refuse("unknown, expired or revoked");
  return find_person(tx, site, {stored->grant, std::move(stored->scope), stored->issued_at});
}

bool is_jwt(std::string_view token) { return token.contains('.'); }

}  // namespace

struct UserinfoEndpoint::Answer {
  model::Client client;
  std::string body;
};

Task<http::Response> UserinfoEndpoint::handle(http::Request request) {
  const auto token = read_bearer_token(request);
  if (!token)
    co_return co_await allow_known_origin(render_bearer_error(*request.site, token.error(), true), request, db_);
  if (!*token) {
    const OAuthError missing{OAuthCode::invalid_token, "an access token is needed", {}};
    co_return co_await allow_known_origin(render_bearer_error(*request.site, missing, false), request, db_);
  }
  const auto answered = co_await answer(request, **token);
  if (!answered) {
    log::info("userinfo_refused", {{"request_id", request.id},
                                   {"tenant", request.site->tenant.str()},
                                   {"error", to_string(answered.error().code)},
                                   {"detail", answered.error().detail}});
    co_return co_await allow_known_origin(render_bearer_error(*request.site, answered.error(), true), request, db_);
  }
  http::Response response = render_json(*request.site, 200, answered->body);
  allow_client_origin(response, request, answered->client);
  co_return response;
}

Task<std::expected<UserinfoEndpoint::Answer, OAuthError>> UserinfoEndpoint::answer(http::Request request,
                                                                                   std::string token) {
  const http::Site& site = *request.site;
  const Instant now = clock_.now();
  std::optional<Credential> signed_one;
  if (is_jwt(token)) {
    auto verified = co_await verifier_.verify(site.tenant, token, {{site.issuer()}, {userinfo_audience(site)}});
    if (!verified) co_return std::unexpected(std::move(verified.error()));
    signed_one = Credential{verified->grant, std::move(verified->scopes), verified->issued_at};
  }
  const auto hash = tickets::hash_access_token(token);
  auto found = co_await db_.read([&](db::Transaction& tx) {
    return signed_one ? find_person(tx, site, *signed_one) : find_by_opaque(tx, site, hash, now);
  });
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (!contains(found->scope, "openid"))
    co_return std::unexpected(OAuthError{OAuthCode::insufficient_scope, "the access token lacks the scope openid", {}});

  boost::json::object claims{{"sub", found->user.id.str()}};
  const boost::json::object profile = profile_of(found->user, {});
  add_scope_claims(claims, found->user, profile, found->scope);
  add_requested_claims(claims, found->user, profile, found->requested);
  co_return Answer{std::move(found->client), boost::json::serialize(claims)};
}

}  // namespace symbolon::oidc
