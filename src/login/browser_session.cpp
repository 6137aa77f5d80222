#include "login/browser_session.h"

#include <algorithm>

#include "http/cookie.h"
#include "store/session_store.h"
#include "store/tenant_store.h"
#include "tickets/opaque.h"

namespace symbolon::login {
namespace {

constexpr std::string_view kCookie = "bs";

std::chrono::seconds idle_limit(const model::Session& session, const model::Tenant& tenant) {
  return session.persistent ? tenant.sessions.idle : tenant.sessions.ephemeral_idle;
}

std::chrono::seconds absolute_limit(const model::Session& session, const model::Tenant& tenant) {
  return session.persistent ? tenant.sessions.absolute : tenant.sessions.ephemeral_absolute;
}

// A shortened setting acts on old sessions, a lengthened one does not.
void apply_limits(model::Session& session, const model::Tenant& tenant) {
  session.expires_at = std::min(session.expires_at, session.authenticated_at + absolute_limit(session, tenant));
  session.idle_expires_at = std::min(session.idle_expires_at, session.last_interacted_at + idle_limit(session, tenant));
}

}  // namespace

bool is_live_today(db::Transaction& tx, const model::Session& session, Instant now) {
  if (!session.is_live(now)) return false;
  const auto tenant = store::TenantStore(tx).find(session.tenant);
  if (!tenant) return false;
  model::Session today = session;
  apply_limits(today, *tenant);
  return today.is_live(now);
}

std::optional<model::Session> find_browser_session(db::Transaction& tx, const http::Request& request,
                                                   const model::Tenant& tenant, Instant now) {
  const auto value = http::find_cookie(request.headers, http::cookie_name(kCookie, request.site->secure));
  if (!value) return std::nullopt;
  auto session = store::SessionStore(tx, request.site->tenant).find_by_cookie(tickets::hash_session_cookie(*value), now);
  if (!session || session->base_url != request.site->base_url) return std::nullopt;
  apply_limits(*session, tenant);
  if (!session->is_live(now)) return std::nullopt;
  return session;
}

bool holds_current_cookie(const http::Request& request, const model::Session& session) {
  const auto value = http::find_cookie(request.headers, http::cookie_name(kCookie, request.site->secure));
  return value && tickets::hash_session_cookie(*value) == session.cookie;
}

Instant idle_end(const model::Session& session, const model::Tenant& tenant, Instant now) {
  return std::min<Instant>(now + idle_limit(session, tenant), session.expires_at);
}

void set_session_cookie(http::Response& response, const http::Request& request, const model::Session& session,
                        std::string value, Instant now) {
  http::SetCookie cookie{.name = std::string(kCookie), .value = std::move(value), .max_age = {},
                         .secure = request.site->secure};
  if (session.persistent) cookie.max_age = std::chrono::duration_cast<std::chrono::seconds>(session.expires_at - now);
  response.headers.add("Set-Cookie", http::render(cookie));
}

void renew_session_cookie(http::Response& response, const http::Request& request, const model::Session& session,
                          Instant now) {
  auto value = http::find_cookie(request.headers, http::cookie_name(kCookie, request.site->secure));
  if (!value || !holds_current_cookie(request, session)) return;
  set_session_cookie(response, request, session, std::move(*value), now);
}

void clear_session_cookie(http::Response& response, const http::Request& request) {
  // A form that another site sends comes without the cookie; its answer must not take the cookie away either.
  if (!http::find_cookie(request.headers, http::cookie_name(kCookie, request.site->secure))) return;
  response.headers.add("Set-Cookie", http::render(http::SetCookie{.name = std::string(kCookie),
                                                                  .value = "",
                                                                  .max_age = std::chrono::seconds(0),
                                                                  .secure = request.site->secure}));
}

}  // namespace symbolon::login
