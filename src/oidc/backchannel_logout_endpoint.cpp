#include "oidc/backchannel_logout_endpoint.h"

#include "base/log.h"
#include "base/text.h"
#include "http/counted_address.h"
#include "http/form.h"
#include "http/rate_limit_headers.h"
#include "login/end_session.h"
#include "login/event_names.h"
#include "oidc/caller.h"
#include "oidc/oauth_error.h"
#include "store/connection_store.h"
#include "store/log_store.h"
#include "store/refresh_token_store.h"
#include "store/session_store.h"
#include "store/ticket_store.h"
#include "store/user_store.h"
#include "tickets/opaque.h"
#include "upstream/key_use.h"
#include "upstream/relying_party.h"

namespace symbolon::oidc {
namespace {

using model::OAuthCode;
using upstream::KeyTrouble;

bool is_form(const http::Request& request) {
  const std::string_view type = request.headers.get("Content-Type");
  return equals_ignoring_case(trim(type.substr(0, type.find(';'))), "application/x-www-form-urlencoded");
}

KeyTrouble trouble_of(const std::expected<upstream::LogoutToken, upstream::LogoutTokenFailure>& result) {
  if (result) return KeyTrouble::none;
  if (result.error().unknown_key) return KeyTrouble::unknown_kid;
  return result.error().bad_signature ? KeyTrouble::bad_signature : KeyTrouble::none;
}

// The number of sessions that ended; nullopt when the token was used before.
std::optional<std::size_t> end_sessions(db::Transaction& tx, const Caller& caller, const model::Connection& connection,
                                        const upstream::LogoutToken& token, Instant now) {
  const TenantId& tenant = caller.site->tenant;
  const auto hash = tickets::hash_ticket("logout_token", connection.id.str() + "|" + token.issuer + "|" + token.jti);
  if (store::TicketStore(tx, tenant).burn(store::TicketKind::logout_token, hash, token.replay_expires_at) ==
      store::Insert::duplicate)
    return std::nullopt;
  // Tokens outlive the session that they came from, so they are not found through it.
  if (connection.upstream.revoke_refresh_tokens_on_idp_logout && !token.subject.empty())
    if (const auto user = store::UserStore(tx, tenant).find_by_identity(connection.id, token.subject))
      store::RefreshTokenStore(tx, tenant).revoke_of_user_and_connection(user->id, connection.id);
  std::size_t ended = 0;
  for (const model::Session& session :
       store::SessionStore(tx, tenant).list_by_upstream(connection.id, token.sid, token.subject)) {
    if (!login::end_session(tx, tenant, session.id, login::LogoutInitiator::idp_logout, now)) continue;
    if (connection.upstream.revoke_refresh_tokens_on_idp_logout)
      store::RefreshTokenStore(tx, tenant).revoke_of_session(session.user, session.id, false);
    model::LogEvent event = caller.event("slo", now);
    event.description = "The provider ended the sign-in";
    event.connection_id = connection.id;
    event.connection = connection.name;
    event.strategy = to_string(connection.upstream.strategy);
    event.user = session.user;
    login::fill_names(tx, tenant, event);
    store::LogStore(tx, tenant).insert(std::move(event));
    ++ended;
  }
  return ended;
}

http::Response done(const http::Site& site) {
  http::Response response = http::empty_response(200);
  protect(response, site);
  return response;
}

}  // namespace

Task<http::Response> BackchannelLogoutEndpoint::handle(http::Request request) {
  const http::Site& site = *request.site;
  const Instant now = clock_.now();
  if (const auto calls = calls_.take(http::counted_address(request.client_address), now); !calls.allowed) {
    http::Response response = render_token_error(site, {OAuthCode::too_many_requests, "too many requests", {}}, false);
    http::set_rate_limit_headers(response, calls);
    co_return response;
  }
  const std::string name = request.parameters.at("name");
  auto found = co_await db_.read(
      [&](db::Transaction& tx) { return store::ConnectionStore(tx, site.tenant).find_by_name(name); });
  if (!found) {
    http::Response response = render_token_error(site, {OAuthCode::invalid_request, "unknown connection", {}}, false);
    response.status = 404;
    co_return response;
  }
  const http::Response refused =
      render_token_error(site, {OAuthCode::invalid_request, "invalid logout token", {}}, false);
  if (!is_form(request)) {
    http::Response response = refused;
    response.status = 415;
    co_return response;
  }
  const auto form = http::Form::parse(request.body);
  const auto connection = std::make_shared<const model::Connection>(std::move(*found));
  auto token = co_await verify(connection, form ? form->get("logout_token") : std::string());
  if (token) {
    const Caller caller = Caller::of(request);
    const auto ended =
        co_await db_.write([&](db::Transaction& tx) { return end_sessions(tx, caller, *connection, *token, now); });
    if (ended) co_return done(site);
    token = std::unexpected(std::string("used twice"));
  }
  log::info("logout_token_refused", {{"request_id", request.id},
                                     {"tenant", site.tenant.str()},
                                     {"connection", connection->name},
                                     {"detail", token.error()}});
  co_return refused;
}

Task<std::expected<upstream::LogoutToken, std::string>> BackchannelLogoutEndpoint::verify(
    std::shared_ptr<const model::Connection> connection, std::string compact) {
  if (compact.empty()) co_return std::unexpected("no logout_token");
  const Instant now = clock_.now();
  std::expected<upstream::LogoutToken, upstream::LogoutTokenFailure> result =
      std::unexpected(upstream::LogoutTokenFailure{});
  const auto conversation =
      std::make_shared<upstream::Conversation>(client_, clock_, upstream::egress_for(egress_, connection->upstream));
  const auto attempt = [&](const jose::KeySet& keys) {
    result = upstream::verify_logout_token(compact, keys, connection->upstream, now);
    return trouble_of(result);
  };
  std::function<KeyTrouble(const jose::KeySet&)> by_value = attempt;
  const auto keyed = co_await upstream::with_keys(keys_, connection, conversation, std::move(by_value),
                                                   upstream::BroughtBy::stranger);
  if (!keyed) co_return std::unexpected("the provider's keys: " + keyed.error().received);
  if (!result) co_return std::unexpected(result.error().why);
  co_return std::move(*result);
}

}  // namespace symbolon::oidc
