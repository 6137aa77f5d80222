#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/rate_limit.h"
#include "base/task.h"
#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "login/failure.h"
#include "login/finish.h"
#include "login/pending_contact.h"
#include "login/services.h"
#include "model/tenant.h"
#include "pages/first_contact_page.h"
#include "tickets/login_ticket.h"

namespace symbolon::login {

/// The page for a person whom a provider has proved and who has no account here (login-runtime RP-83, zitadel-idps
/// §6.10): a new account, an old one, or neither. To have an old account means to sign in to it; the trip for that is
/// bound to the waiting sign-in of this browser, so that nobody finishes what another began (threats T1).
class FirstContactEndpoint {
 public:
  FirstContactEndpoint(const Services& services, FailureReporter& failures)
      : services_(services), failures_(failures), finish_(services) {}

  /// GET /u/first-contact
  Task<http::Response> show(http::Request http);
  /// POST /u/first-contact
  Task<http::Response> take(http::Request http);

  /// The end of a trip to an old account, whose provider proved the person.
  Task<http::Response> link(http::Request http, tickets::LoginTicket trip, upstream::ProvenIdentity identity,
                            bool posted);
  /// The end of a trip that led nowhere: back to the page, which names the reference.
  Task<http::Response> link_failed(http::Request http, tickets::LoginTicket trip, std::string reference, bool posted);

 private:
  struct Visit;

  Task<std::optional<Visit>> open(http::Request http, std::string id);
  Task<http::Response> not_there(http::Request http);
  http::Response render(const http::Request& http, const Visit& visit, pages::FirstContactPage page);
  Task<http::Response> find_way(http::Request http, Visit visit, std::string identifier);
  Task<http::Response> begin_link(http::Request http, Visit visit, std::string connection, std::string login_hint);
  Task<http::Response> create(http::Request http, Visit visit, http::Form form);
  Task<http::Response> cancel(http::Request http, Visit visit);
  Task<http::Response> end(http::Request http, Visit visit, Finish::Outcome outcome, bool posted);

  const Services& services_;
  FailureReporter& failures_;
  Finish finish_;
  RateLimit attempts_{{.per_second = 0.5, .burst = 30}};  // HR-5, as on the login page
};

}  // namespace symbolon::login
