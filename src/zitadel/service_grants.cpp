#include "zitadel/service_grants.h"

#include "base/log.h"
#include "base/text.h"
#include "model/number_id.h"
#include "oidc/client_form.h"
#include "oidc/oauth_error.h"
#include "oidc/presented_credentials.h"
#include "oidc/token_response.h"
#include "store/log_store.h"
#include "store/service_user_store.h"
#include "tickets/opaque.h"

namespace symbolon::zitadel {
namespace {

using model::OAuthError;

constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr std::chrono::seconds kTokenLifetime = std::chrono::hours(12);

model::LogEvent token_event(const http::Request& request, const model::ServiceUser& user, Instant now) {
  model::LogEvent event;
  event.date = now;
  event.type = "seccft";
  event.description = "Access token for a service user";
  event.user = UserId(user.id.str());
  event.user_name = user.username;
  event.ip = request.client_address;
  event.user_agent = printable(request.headers.get("User-Agent"), 500);
  event.hostname = request.site->host;
  event.details = "{}";
  return event;
}

void log_refusal(const http::Request& request, std::string_view grant, const OAuthError& error) {
  log::info("token_refused", {{"request_id", request.id},
                              {"tenant", request.site->tenant.str()},
                              {"grant_type", std::string(grant)},
                              {"error", to_string(error.code)},
                              {"description", error.description},
                              {"detail", error.detail}});
}

}  // namespace

std::vector<std::string> service_scopes(const std::vector<std::string>& wanted) {
  std::vector<std::string> scopes;
  for (const std::string& scope : wanted) {
    const bool audience = scope.starts_with("urn:zitadel:iam:org:project:id:") && scope.ends_with(":aud");
    const bool known = audience || scope == "openid" || scope == "profile" || scope == "email";
    if (known && !contains(scopes, scope)) scopes.push_back(scope);
  }
  return scopes;
}

Task<http::Response> ServiceGrants::handle(http::Request request) {
  // Most requests redeem a code and are not worth a second look.
  const bool candidate = request.body.contains("jwt-bearer") || request.body.contains("client_credentials");
  if (candidate) {
    if (auto form = oidc::read_client_form(request)) {
      if (form->get("grant_type") == kJwtBearer) co_return co_await by_assertion(std::move(request), std::move(*form));
      if (form->get("grant_type") == "client_credentials")
        if (auto answer = co_await by_secret(request, std::move(*form))) co_return std::move(*answer);
    }
  }
  co_return co_await next_(std::move(request));
}

Task<http::Response> ServiceGrants::by_assertion(http::Request request, http::Form form) {
  auto user = co_await users_.by_assertion(request, form.get("assertion"));
  if (user) co_return co_await issue(std::move(request), std::move(*user), std::move(form));
  log_refusal(request, "jwt-bearer", user.error());
  co_return oidc::render_token_error(*request.site, user.error(), false);
}

// Nullopt when the credentials name no service user: then they are an application's.
Task<std::optional<http::Response>> ServiceGrants::by_secret(http::Request request, http::Form form) {
  auto user = co_await users_.by_secret(request, form);
  if (!user) co_return std::nullopt;
  if (*user) co_return co_await issue(std::move(request), std::move(**user), std::move(form));
  log_refusal(request, "client_credentials", user->error());
  co_return oidc::render_token_error(*request.site, user->error(), oidc::tries_basic(request.headers));
}

Task<http::Response> ServiceGrants::issue(http::Request request, model::ServiceUser user, http::Form form) {
  const Instant now = clock_.now();
  auto value = tickets::make_service_token(random_);
  const model::ServiceToken token{.hash = std::move(value.hash),
                                  .id = model::make_number_id(now, random_),
                                  .user = user.id,
                                  .personal = false,
                                  .scope = service_scopes(split_words(form.get("scope"))),
                                  .created_at = now,
                                  .expires_at = now + kTokenLifetime};
  co_await db_.write([&](db::Transaction& tx) {
    store::ServiceUserStore(tx, user.tenant).insert_token(token);
    store::LogStore(tx, user.tenant).insert(token_event(request, user, now));
  });
  oidc::TokenSet tokens;
  tokens.access_token = std::move(value.value);
  tokens.scope = join(token.scope, " ");
  tokens.expires_in = kTokenLifetime;
  co_return oidc::render_tokens(*request.site, tokens);
}

}  // namespace symbolon::zitadel
