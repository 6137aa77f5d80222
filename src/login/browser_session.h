#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "db/transaction.h"
#include "http/request.h"
#include "http/response.h"
#include "model/session.h"
#include "model/tenant.h"

namespace symbolon::login {

/// How long a replaced cookie may still read, for parallel requests of the same browser (login-runtime SE-3).
inline constexpr std::chrono::seconds kCookieGrace{10};

/// The session that this browser's cookie names, if it is alive under today's settings (login-runtime SE-12) and was
/// made on this host.
std::optional<model::Session> find_browser_session(db::Transaction& tx, const http::Request& request,
                                                   const model::Tenant& tenant, Instant now);

/// Is a session alive under today's settings, whoever asks for it? A shortened lifetime acts on old sessions as well.
bool is_live_today(db::Transaction& tx, const model::Session& session, Instant now);

/// False in the seconds after a change of cookie, when the old one may read but never write (SE-3).
bool holds_current_cookie(const http::Request& request, const model::Session& session);

/// When the idle time of a session ends that is used now; never after its absolute end.
Instant idle_end(const model::Session& session, const model::Tenant& tenant, Instant now);

/// Puts the session cookie on the response; `value` in clear.
void set_session_cookie(http::Response& response, const http::Request& request, const model::Session& session,
                        std::string value, Instant now);
/// Repeats the browser's own cookie with a later end (SE-2).
void renew_session_cookie(http::Response& response, const http::Request& request, const model::Session& session,
                          Instant now);
void clear_session_cookie(http::Response& response, const http::Request& request);

}  // namespace symbolon::login
