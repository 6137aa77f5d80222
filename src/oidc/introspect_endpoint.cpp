#include "oidc/introspect_endpoint.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "login/admission.h"
#include "login/browser_session.h"
#include "login/organisation.h"
#include "oidc/client_form.h"
#include "oidc/oauth_error.h"
#include "store/grant_store.h"
#include "store/refresh_token_store.h"
#include "store/session_store.h"
#include "tickets/opaque.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using model::OAuthCode;
using model::OAuthError;

// One token of any kind, as far as its own record or signature tells.
struct Candidate {
  ClientId client;
  std::string base_url;
  GrantId grant;  ///< empty: the client's own token
  std::string subject;
  std::vector<std::string> scope;
  Instant issued_at{};
  std::optional<Instant> expires_at;
  std::string_view type;  ///< token_type; empty for refresh tokens
  SessionId must_live;    ///< a session without which the token is worth nothing
};

std::optional<Candidate> find_stored(db::Transaction& tx, const TenantId& tenant, const std::string& token,
                                     Instant now) {
  if (auto access = store::AccessTokenStore(tx, tenant).find_live(tickets::hash_access_token(token), now))
    return Candidate{access->client,     access->base_url, access->grant,
                     access->user.str(), access->scope,    access->issued_at,
                     access->expires_at, "Bearer",         {}};
  auto refresh = store::RefreshTokenStore(tx, tenant).find(tickets::hash_refresh_token(token));
  if (!refresh || refresh->replaced_at) return std::nullopt;
  if (refresh->expires_at && now >= *refresh->expires_at) return std::nullopt;
  if (refresh->idle_expires_at && now >= *refresh->idle_expires_at) return std::nullopt;
  return Candidate{refresh->client,
                   refresh->base_url,
                   refresh->grant,
                   refresh->user.str(),
                   {},
                   refresh->created_at,
                   refresh->expires_at,
                   {},
                   refresh->online ? refresh->session : SessionId()};
}

bool is_alive(db::Transaction& tx, const http::Site& site, const model::Client& client, const Candidate& candidate,
              std::vector<std::string>& scope, Instant now) {
  if (candidate.client != client.id || candidate.base_url != site.base_url) return false;
  if (candidate.grant.empty()) return true;
  const auto grant = store::GrantStore(tx, site.tenant).find(candidate.grant);
  if (!grant || grant->revoked_at) return false;
  if (!candidate.must_live.empty()) {
    const auto session = store::SessionStore(tx, site.tenant).find(candidate.must_live);
    if (!session || !login::is_live_today(tx, *session, now)) return false;
  }
  // Only a refresh token has the scope of its grant; an access token may have been given less, or nothing.
  if (candidate.type.empty()) scope = grant->scope;
  return login::admit(tx, site.tenant, client, {grant->connection, login::organisation_of(grant->scope), grant->user, candidate.issued_at}).has_value();
}

bj::object answer_for(const http::Site& site, const Candidate& candidate, const std::vector<std::string>& scope) {
  bj::object answer{{"active", true},
                    {"iss", site.issuer()},
                    {"client_id", candidate.client.str()},
                    {"sub", candidate.subject},
                    {"iat", to_epoch_seconds(candidate.issued_at)}};
  if (!scope.empty()) answer["scope"] = join(scope, " ");
  if (candidate.expires_at) answer["exp"] = to_epoch_seconds(*candidate.expires_at);
  if (!candidate.type.empty()) answer["token_type"] = bj::string(candidate.type);
  return answer;
}

}  // namespace

Task<http::Response> IntrospectEndpoint::handle(http::Request request) {
  const http::Site& site = *request.site;
  auto form = read_client_form(request);
  if (!form) co_return render(site, form.error());
  const bool basic = tries_basic(request.headers);
  auto client = co_await clients_.authenticate(request, *form);
  // A public client proves nothing, so anybody could ask in its name (threats T33).
  if (client && client->is_public())
    client = std::unexpected(OAuthError{OAuthCode::invalid_client, "client authentication failed", "public client"});
  if (!client) co_return render_token_error(site, client.error(), basic);
  if (!form->has("token"))
    co_return render_token_error(site, {OAuthCode::invalid_request, "token is missing", {}}, basic);
  co_return render_json(site, 200, co_await describe(site, std::move(*client), form->get("token")));
}

Task<std::string> IntrospectEndpoint::describe(http::Site site, model::Client client, std::string token) {
  std::optional<Candidate> candidate;
  if (token.contains('.')) {
    // Whatever API it is for: what counts is that it is ours and this client's.
    AccessTokenRules rules{{site.issuer()}, {}};
    rules.any_audience = true;
    const auto verified = co_await verifier_.verify(site.tenant, token, std::move(rules));
    if (verified)
      candidate = Candidate{verified->client,     site.base_url,    verified->grant,
                            verified->subject,    verified->scopes, verified->issued_at,
                            verified->expires_at, "Bearer",         {}};
  }
  const Instant now = clock_.now();
  co_return co_await db_.read([&](db::Transaction& tx) {
    std::optional<Candidate> found = candidate ? candidate : find_stored(tx, site.tenant, token, now);
    if (!found) return std::string(R"({"active":false})");
    std::vector<std::string> scope = found->scope;
    if (!is_alive(tx, site, client, *found, scope, now)) return std::string(R"({"active":false})");
    return bj::serialize(answer_for(site, *found, scope));
  });
}

}  // namespace symbolon::oidc
