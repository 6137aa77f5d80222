#pragma once

#include <optional>
#include <string>

#include "base/rate_limit.h"
#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "login/authorize_flow.h"
#include "login/failure.h"
#include "login/services.h"
#include "login/visit.h"
#include "pages/texts.h"

namespace symbolon::login {

/// The pages on which a person chooses how to sign in (login-runtime §3.3): each about an interaction that the browser
/// holds. Nothing is written; answers only say which domains lead to a provider.
class LoginPages {
 public:
  LoginPages(const Services& services, FailureReporter& failures, AuthorizeFlow& flow)
      : services_(services), failures_(failures), flow_(flow) {}

  /// GET /u/login/identifier: the field for an e-mail address, and buttons.
  Task<http::Response> show_identifier(http::Request http);
  /// POST /u/login/identifier: to the provider of the domain, to a choice of several, or back with a sentence.
  Task<http::Response> take_identifier(http::Request http);
  /// GET /u/login: buttons.
  Task<http::Response> show_buttons(http::Request http);
  /// GET /u/login/again: after a trip to a provider that led nowhere.
  Task<http::Response> show_again(http::Request http);
  /// GET /u/login/start: to the connection that was chosen.
  Task<http::Response> start(http::Request http);
  /// GET /u/login/select: several connections of one domain, or the signed-in account.
  Task<http::Response> show_select(http::Request http);
  /// POST /u/login/select: goes on with the signed-in account.
  Task<http::Response> take_account(http::Request http);
  /// GET /u/login/other: goes on with another account than the signed-in one.
  Task<http::Response> other_account(http::Request http);

 private:
  struct Shown;

  Task<http::Response> show(http::Request http, Visit visit, Shown shown);
  Task<http::Response> show_account(http::Request http, Visit visit);
  std::optional<std::int64_t> must_wait(const http::Request& http, const Visit& visit, Instant now);
  Task<http::Response> leave(http::Request http, Visit visit, model::Connection connection);

  const Services& services_;
  FailureReporter& failures_;
  AuthorizeFlow& flow_;
  RateLimit attempts_{{.per_second = 0.5, .burst = 30}};  // HR-5
};

}  // namespace symbolon::login
