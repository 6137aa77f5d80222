#pragma once

#include <expected>

#include "http/request.h"
#include "http/response.h"
#include "login/services.h"
#include "model/client.h"
#include "tickets/login_ticket.h"

namespace symbolon::login {

/// How a trip to the provider begins.
struct StartOptions {
  tickets::LoginPurpose purpose = tickets::LoginPurpose::login;
  SessionId session;            ///< of the browser, if it has one
  std::string subject;          ///< see LoginTicket::subject
  std::string page;             ///< see LoginTicket::page
  bool without_prompt = false;  ///< the one retry of login-runtime §2.13
};

/// Sends the browser to the provider of `connection`, the login sealed into a cookie of its own. Writes no row, makes
/// no call.
std::expected<http::Response, upstream::UpstreamError> start_login(const Services& services,
                                                                   const http::Request& http,
                                                                   const model::AuthorizationRequest& request,
                                                                   const model::Connection& connection,
                                                                   const StartOptions& options);

}  // namespace symbolon::login
