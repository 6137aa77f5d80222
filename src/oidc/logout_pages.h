#pragma once

#include "base/task.h"
#include "http/form.h"
#include "oidc/logout.h"
#include "pages/frame.h"

namespace symbolon::oidc {

/// What the confirmation page carries from the request to the answer. Everything is judged again at the answer; the
/// form's token binds all of it to the session that was asked about.
struct LogoutQuestion {
  std::string client_id, post_logout_redirect_uri, state, ui_locales;
  bool federated = false;

  static LogoutQuestion from(const http::Form& form);
};

/// LO-17. `session` is the browser's; `target` where a yes leads.
http::Response render_logout_question(const login::Services& services, const http::Request& request,
                                      const pages::Frame& frame, const SessionId& session,
                                      const LogoutQuestion& question, const std::string& target);

/// LO-5: the address is not registered. Nothing has ended; the person may still log out.
http::Response render_refused_url(const login::Services& services, const http::Request& request,
                                  const pages::Frame& frame, const SessionId& session);

/// A logout that cannot be judged: nothing has ended.
http::Response render_logout_error(const pages::Frame& frame, int status, std::string_view description);

/// POST /u/logout, the answer to both pages, and GET /u/logged-out (LO-31).
class LogoutPages {
 public:
  LogoutPages(const login::Services& services, Logout& logout) : services_(services), logout_(logout) {}

  Task<http::Response> answer(http::Request request);
  Task<http::Response> logged_out(http::Request request);

 private:
  const login::Services& services_;
  Logout& logout_;
};

}  // namespace symbolon::oidc
