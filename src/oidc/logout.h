#pragma once

#include <optional>
#include <string>

#include "base/rate_limit.h"
#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "login/services.h"
#include "model/client.h"
#include "model/session.h"
#include "model/tenant.h"
#include "oidc/logout_url.h"

namespace symbolon::oidc {

/// A logout that is decided: whose session, and where the browser goes afterwards.
struct LogoutOrder {
  SessionId session;  ///< empty: there is none
  bool of_this_browser = false;  ///< `session` is the browser's own; else only the caller's word names it
  ClientId client;    ///< that asked; empty: none
  std::optional<LogoutUrl> target;
  std::string state;  ///< goes back to `target`
  bool federated = false;
  std::string ui_locales;
};

/// What every way of leaving does once it is decided (login-runtime §6.3, §6.4): ends the session in one unit of work
/// that also queues the logout tokens, forgets the cookie, and sends the browser on: to the provider when that was
/// asked for and it has a place for it, else to the target, else to a page of ours.
class Logout {
 public:
  explicit Logout(const login::Services& services) : services_(services) {}

  Task<http::Response> perform(http::Request request, LogoutOrder order);
  /// Writes down that the logout of somebody who is signed in was refused (login-runtime §11, `flo`): once a minute for
  /// each session, since pages elsewhere can make its browser ask.
  /// `rule` is the one that was broken, such as "LO-5".
  Task<void> note_refusal(http::Request request, model::Session session, ClientId client, std::string rule,
                          std::string why);
  /// GET /logout/callback: back from the provider (LO-42).
  Task<http::Response> come_back(http::Request request);

 private:
  struct Ended;
  Ended end(db::Transaction& tx, const http::Request& request, const LogoutOrder& order,
            const model::TicketHash& ticket, const std::string& destination, Instant now);
  std::string provider_url(const http::Site& site, const Ended& ended, const LogoutOrder& order,
                           const std::string& state) const;

  const login::Services& services_;
  RateLimit refusals_{{.per_second = 1.0 / 60, .burst = 1}};
};

/// Where a logout ends that leads nowhere else.
inline constexpr std::string_view kLoggedOutPath = "/u/logged-out";

/// The tenant of a request; throws when it was deleted meanwhile.
model::Tenant tenant_of(db::Transaction& tx, const http::Request& request);

}  // namespace symbolon::oidc
