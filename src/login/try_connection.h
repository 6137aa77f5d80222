#pragma once

#include <string>

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "login/failure.h"
#include "login/services.h"
#include "login/try_report.h"
#include "model/tenant.h"
#include "tickets/login_ticket.h"

namespace symbolon::login {

/// The test of a connection by its administrator (login-runtime §4.1). It leaves and returns by the code of every
/// login; this class holds what is different: the link that starts it, and its end, which keeps a report and writes no
/// user, session or code.
class TryConnection {
 public:
  TryConnection(const Services& services, FailureReporter& failures) : services_(services), failures_(failures) {}

  /// GET /try/{ticket}: takes the link and sends the browser to the provider.
  Task<http::Response> begin(http::Request http);

  /// The end of a test whose provider proved the person. `connection` is the one that it started with.
  Task<http::Response> succeed(http::Request http, model::Tenant tenant, tickets::LoginTicket ticket,
                               model::Connection connection, upstream::ProvenIdentity identity);

  /// The end of any other; `connection` is nullopt when it was deleted meanwhile.
  Task<http::Response> fail(http::Request http, model::Tenant tenant, tickets::LoginTicket ticket,
                            std::optional<model::Connection> connection, upstream::UpstreamError error);

 private:
  Task<http::Response> finish(http::Request http, model::Tenant tenant, std::string state, TryOutcome outcome);

  const Services& services_;
  FailureReporter& failures_;
};

}  // namespace symbolon::login
