#include "oidc/authorization_issuer.h"

#include <algorithm>
#include <stdexcept>

#include "base/log.h"
#include "base/text.h"
#include "base/time_ordered.h"
#include "oidc/authorize_facts.h"
#include "store/grant_store.h"
#include "store/resource_server_store.h"
#include "store/session_store.h"
#include "store/tenant_store.h"
#include "tickets/opaque.h"

namespace symbolon::oidc {
namespace {

using login::IssuedAuthorization;
using model::AuthorizationRequest;

constexpr std::size_t kGrantIdBytes = 16;

// What the access token of this response type lives, wherever it is handed out.
std::chrono::seconds access_token_lifetime(const AuthorizationRequest& request,
                                           const std::optional<model::ResourceServer>& api) {
  if (request.wants_code()) return api ? api->token_lifetime : kUserinfoTokenLifetime;
  return api ? api->token_lifetime_for_web : kImplicitTokenLifetime;
}

std::optional<Instant> session_end(const model::Session& session) {
  if (!session.upstream_expiry) return std::nullopt;
  return std::min(*session.upstream_expiry, session.expires_at);
}

model::Grant make_grant(const http::Site& site, const AuthorizationRequest& request, const login::SignedIn& who,
                        std::string id, Instant now) {
  model::Grant grant;
  grant.tenant = site.tenant;
  grant.id = GrantId(std::move(id));
  grant.client = request.client;
  grant.user = who.user.id;
  grant.session = who.session.id;
  grant.connection = who.session.connection;
  grant.base_url = site.base_url;
  grant.scope = request.scope;
  grant.audience = request.audience;
  grant.created_at = now;
  grant.auth_time = who.session.authenticated_at;
  grant.acr = who.session.acr;
  grant.amr = who.session.amr;
  grant.session_expiry = session_end(who.session);
  grant.login_claims = who.login_claims;
  grant.claims = request.claims;
  return grant;
}

model::AuthorizationCode make_code_record(const http::Site& site, const AuthorizationRequest& request,
                                          const GrantId& grant, model::CodeHash hash, Instant now) {
  model::AuthorizationCode code;
  code.hash = std::move(hash);
  code.grant = grant;
  code.client = request.client;
  code.base_url = site.base_url;
  code.redirect_uri = request.redirect_uri;
  code.redirect_uri_was_sent = request.redirect_uri_was_sent;
  code.challenge = request.code_challenge;
  code.challenge_method = request.code_challenge_method;
  code.nonce = request.nonce;
  code.expires_at = now + kCodeLifetime;
  return code;
}

void add_if(ResponseParameters& parameters, std::string name, std::string value) {
  if (!value.empty()) parameters.emplace_back(std::move(name), std::move(value));
}

}  // namespace

IssuedAuthorization AuthorizationIssuer::issue(db::Transaction& tx, const http::Site& site, const model::Client& client,
                                               const AuthorizationRequest& request, login::SignedIn who, Instant now) {
  IssuedAuthorization issued;
  issued.issued_at = now;
  const auto tenant = store::TenantStore(tx).find(site.tenant);
  if (!tenant) throw std::runtime_error("the tenant was deleted during a login");
  issued.with_issuer = tenant->iss_parameter;
  if (!request.audience.empty()) {
    issued.api = store::ResourceServerStore(tx, site.tenant).find_by_identifier(request.audience);
    if (!issued.api) throw std::runtime_error("the API was deleted during a login");
  }

  issued.granted = make_grant(site, request, who, time_ordered_token(random_, now, kGrantIdBytes), now);
  issued.grant = issued.granted.id;
  const bool token_now = request.wants_access_token();
  const auto lifetime = access_token_lifetime(request, issued.api);
  // Late enough for the token that the code will be exchanged for, so that redeeming need not write the grant again.
  issued.granted.expires_at = now + lifetime + (request.wants_code() ? kCodeLifetime : std::chrono::seconds(0));
  store::GrantStore(tx, site.tenant).insert(issued.granted);
  if (request.wants_code()) {
    auto code = tickets::make_code(random_, now);
    store::CodeStore(tx, site.tenant).insert(make_code_record(site, request, issued.grant, code.hash, now));
    issued.code = std::move(code.value);
  }
  if (token_now && !issued.api) {
    auto token = tickets::make_access_token(random_, now);
    store::AccessTokenStore(tx, site.tenant)
        .insert({token.hash, issued.grant, client.id, who.user.id, site.base_url, request.scope, now, now + lifetime});
    issued.access_token = std::move(token.value);
  }
  store::SessionStore(tx, site.tenant).add_client(who.session.id, client.id, now);
  issued.who = std::move(who);
  return issued;
}

Task<http::Response> AuthorizationIssuer::respond(http::Request http, model::Client client, AuthorizationRequest request,
                                                  IssuedAuthorization issued, bool after_post) {
  const http::Site& site = *http.site;
  const auto redirect = check_redirect_uri(client, request.redirect_uri);
  // A redirect has no look, so most answers need not know whose it is.
  const bool is_redirect = redirect && (request.response_mode == "query" || request.response_mode == "fragment");
  model::Tenant tenant{.id = site.tenant};
  if (!is_redirect) tenant = co_await db_.read([&](db::Transaction& tx) { return find_tenant(tx, site.tenant); });
  const PageContext page{http, tenant, recent_failures_, {}};
  if (!redirect) co_return render_callback_mismatch(page, request, redirect.error());

  ResponseParameters parameters;
  add_if(parameters, "code", issued.code);
  if (request.wants_access_token() || request.wants_id_token()) {
    TokenOrder order;
    order.site = site;
    order.client = client;
    order.grant = std::move(issued.granted);
    order.user = std::move(issued.who.user);
    order.access_token_lifetime = access_token_lifetime(request, issued.api);
    order.api = std::move(issued.api);
    order.opaque_access_token = std::move(issued.access_token);
    order.code = std::move(issued.code);
    order.nonce = request.nonce;
    order.wants_access_token = request.wants_access_token();
    order.wants_id_token = request.wants_id_token();
    order.now = issued.issued_at;
    TokenSet tokens = co_await tokens_.issue(std::move(order));
    if (!tokens.access_token.empty()) {
      parameters.emplace_back("access_token", std::move(tokens.access_token));
      parameters.emplace_back("token_type", "Bearer");
      parameters.emplace_back("expires_in", std::to_string(tokens.expires_in.count()));
      add_if(parameters, "scope", std::move(tokens.scope));
    }
    add_if(parameters, "id_token", std::move(tokens.id_token));
  }
  add_if(parameters, "state", request.state);
  if (issued.with_issuer) parameters.emplace_back("iss", site.issuer());
  co_return render_authorization_response(page, client, request, *redirect, parameters, after_post);
}

Task<http::Response> AuthorizationIssuer::refuse(http::Request http, model::Client client, AuthorizationRequest request,
                                                 model::OAuthError error, std::string reference, bool after_post) {
  const model::Tenant tenant =
      co_await db_.read([&](db::Transaction& tx) { return find_tenant(tx, http.site->tenant); });
  co_return render_refusal({http, tenant, recent_failures_, std::move(reference)}, client, request, error, after_post);
}

http::Response render_refusal(const PageContext& page, const model::Client& client, const AuthorizationRequest& request,
                              const model::OAuthError& error, bool after_post) {
  log::info("authorization_refused", {{"tenant", page.tenant.id.str()},
                                      {"client_id", client.id.str()},
                                      {"error", to_string(error.code)},
                                      {"description", error.description},
                                      {"detail", error.detail},
                                      {"reference", page.reference}});
  const auto redirect = check_redirect_uri(client, request.redirect_uri);
  if (!redirect) return render_callback_mismatch(page, request, redirect.error());
  ResponseParameters parameters{{"error", std::string(to_string(error.code))}};
  // RFC 6749 §4.1.2.1 wants no quotation marks, which the texts of the token endpoint have for the sake of SDKs.
  std::string description = error.description;
  std::ranges::replace(description, '"', '\'');
  add_if(parameters, "error_description", std::move(description));
  add_if(parameters, "state", request.state);
  if (page.tenant.iss_parameter) parameters.emplace_back("iss", page.http.site->issuer());
  return render_authorization_response(page, client, request, *redirect, parameters, after_post);
}

}  // namespace symbolon::oidc
