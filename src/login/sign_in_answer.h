#pragma once

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "login/finish.h"
#include "login/services.h"
#include "model/client.h"
#include "model/tenant.h"
#include "tickets/login_ticket.h"

namespace symbolon::login {

/// A sign-in as its end is answered.
struct EndedSignIn {
  model::Tenant tenant;
  model::Client client;
  model::AuthorizationRequest request;
  std::string page;  ///< see LoginTicket::page
  bool posted = false;
};

/// Sends the browser on after a unit of work that did not refuse: to the application, to the consent page, or to the
/// first-contact page. What was already used ends at sign_in_ended(). Throws std::logic_error for a refusal.
Task<http::Response> answer_sign_in(const Services& services, http::Request http, EndedSignIn ended,
                                    Finish::Outcome outcome);

}  // namespace symbolon::login
