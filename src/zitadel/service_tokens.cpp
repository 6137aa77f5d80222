#include "zitadel/service_tokens.h"

#include <boost/json.hpp>

#include "base/log.h"
#include "base/text.h"
#include "oidc/caller.h"
#include "oidc/client_form.h"
#include "oidc/cors.h"
#include "oidc/oauth_error.h"
#include "oidc/presented_credentials.h"
#include "store/log_store.h"
#include "store/service_user_store.h"
#include "tickets/opaque.h"
#include "zitadel/instance.h"

namespace symbolon::zitadel {
namespace {

namespace bj = boost::json;
using model::OAuthCode;
using model::OAuthError;

constexpr std::string_view kInactive = R"({"active":false})";
constexpr std::string_view kProjectPrefix = "urn:zitadel:iam:org:project:id:";
constexpr std::string_view kProjectEnd = ":aud";

OAuthError missing_token() { return {OAuthCode::invalid_request, "token is missing", {}}; }
OAuthError foreign_token() { return {OAuthCode::invalid_grant, "the token was issued to another client", {}}; }

// The projects that the token is for (zitadel-idps §5.3); a personal one is for this API.
bj::array audience_of(const model::ServiceToken& token) {
  bj::array out;
  if (token.personal) out.emplace_back(kApiProjectId);
  for (std::string_view scope : token.scope) {
    if (!scope.starts_with(kProjectPrefix) || !scope.ends_with(kProjectEnd)) continue;
    scope.remove_prefix(kProjectPrefix.size());
    scope.remove_suffix(kProjectEnd.size());
    out.emplace_back(scope == "zitadel" ? kApiProjectId : scope);
  }
  return out;
}

std::string describe(const http::Site& site, const model::ServiceToken& token, const model::ServiceUser& user) {
  bj::object answer{{"active", true},
                    {"iss", site.issuer()},
                    {"sub", user.id.str()},
                    {"username", user.username},
                    {"name", user.name},
                    {"token_type", "Bearer"},
                    {"jti", token.id},
                    {"iat", to_epoch_seconds(token.created_at)}};
  if (!token.personal) answer["client_id"] = user.username;
  if (!token.scope.empty()) answer["scope"] = join(token.scope, " ");
  if (token.expires_at) answer["exp"] = to_epoch_seconds(*token.expires_at);
  if (bj::array audience = audience_of(token); !audience.empty()) answer["aud"] = std::move(audience);
  return bj::serialize(answer);
}

http::Response refuse(const http::Request& request, const OAuthError& error) {
  log::info("service_token_request_refused", {{"request_id", request.id},
                                              {"tenant", request.site->tenant.str()},
                                              {"path", request.path},
                                              {"description", error.description},
                                              {"detail", error.detail}});
  return oidc::render_token_error(*request.site, error, oidc::tries_basic(request.headers));
}

void log_revocation(db::Transaction& tx, const http::Request& request, const model::ServiceToken& token,
                    const model::ServiceUser& user, Instant now) {
  model::LogEvent event = oidc::Caller::of(request).event("srrt", now);
  event.description = "Token of a service user revoked by its holder";
  event.user = UserId(user.id.str());
  event.user_name = user.username;
  event.details = bj::serialize(bj::object{{"token_id", token.id}, {"personal", token.personal}});
  store::LogStore(tx, user.tenant).insert(std::move(event));
}

}  // namespace

/// A token that is good now, and whose it is.
struct ServiceTokens::Found {
  model::ServiceToken token;
  model::ServiceUser user;
};

Task<std::optional<ServiceTokens::Found>> ServiceTokens::find(TenantId tenant, std::string token) {
  if (token.empty() || token.contains('.')) co_return std::nullopt;
  const auto hash = tickets::hash_service_token(token);
  const Instant now = clock_.now();
  co_return co_await db_.read([&](db::Transaction& tx) -> std::optional<Found> {
    store::ServiceUserStore users(tx, tenant);
    auto stored = users.find_live_token(hash, now);
    auto user = stored ? users.find(stored->user) : std::nullopt;
    if (!user) return std::nullopt;
    return Found{std::move(*stored), std::move(*user)};
  });
}

Task<http::Response> ServiceTokens::introspect(http::Request request) {
  auto form = oidc::read_client_form(request);
  if (!form) co_return co_await next_.introspect(std::move(request));
  const auto user = co_await users_.by_client_credentials(request, *form);
  auto found = co_await find(request.site->tenant, form->get("token"));
  if (!user && !found) co_return co_await next_.introspect(std::move(request));
  if (!user) co_return co_await describe_to_application(std::move(request), std::move(*form), std::move(*found));
  if (!*user) co_return refuse(request, user->error());
  if (form->get("token").empty()) co_return refuse(request, missing_token());
  const bool own = found && found->user.id == (*user)->id;
  co_return oidc::render_json(*request.site, 200,
                              own ? describe(*request.site, found->token, found->user) : std::string(kInactive));
}

// Others' applications learn nothing about the tenant's own programs; public ones prove nothing (threats T33).
Task<http::Response> ServiceTokens::describe_to_application(http::Request request, http::Form form, Found found) {
  auto client = co_await clients_.authenticate(request, std::move(form));
  if (client && client->is_public())
    client = std::unexpected(OAuthError{OAuthCode::invalid_client, "client authentication failed", "public client"});
  if (!client) co_return refuse(request, client.error());
  co_return oidc::render_json(
      *request.site, 200,
      client->first_party ? describe(*request.site, found.token, found.user) : std::string(kInactive));
}

Task<http::Response> ServiceTokens::revoke(http::Request request) {
  auto form = oidc::read_client_form(request);
  if (!form) co_return co_await next_.revoke(std::move(request));
  const auto user = co_await users_.by_client_credentials(request, *form);
  const auto found = co_await find(request.site->tenant, form->get("token"));
  if (!user && !found) co_return co_await next_.revoke(std::move(request));
  if (!user) co_return co_await refuse_application(std::move(request), std::move(*form));
  if (!*user) co_return refuse(request, user->error());
  if (form->get("token").empty()) co_return refuse(request, missing_token());
  if (found && found->user.id != (*user)->id) co_return refuse(request, foreign_token());
  if (found) {
    const Instant now = clock_.now();
    co_await db_.write([&](db::Transaction& tx) {
      if (store::ServiceUserStore(tx, found->user.tenant).remove_token(found->token.hash))
        log_revocation(tx, request, found->token, found->user, now);
    });
  }
  http::Response response = http::empty_response(200);  // RFC 7009 §2.2: an unknown token is as good as revoked
  oidc::protect(response, *request.site);
  co_return response;
}

Task<http::Response> ServiceTokens::refuse_application(http::Request request, http::Form form) {
  const auto client = co_await clients_.authenticate(request, std::move(form));
  if (!client) co_return co_await oidc::allow_known_origin(refuse(request, client.error()), request, db_);
  http::Response response = refuse(request, foreign_token());
  oidc::allow_client_origin(response, request, *client);
  co_return response;
}

}  // namespace symbolon::zitadel
