#pragma once

#include <atomic>
#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/rate_limit.h"
#include "base/task.h"
#include "http/request.h"
#include "login/services.h"
#include "model/client.h"
#include "model/log_event.h"
#include "tickets/login_ticket.h"
#include "upstream/upstream_error.h"

namespace symbolon::login {

/// Everything known about a login that did not work.
struct FailedLogin {
  upstream::UpstreamError error;
  ClientId client;
  std::string client_name;
  ConnectionId connection_id;
  std::string connection, strategy;
  UserId user;  ///< whose account the sign-in was about; empty while nobody is known
  std::string user_name;
  /// The browser held a login of ours, so a stored explanation cannot be had by just calling our URLs (design §2 rule 1).
  bool proven_browser = false;
  bool is_test = false;  ///< of a connection by its administrator (login-runtime DB-3)
};

void log_failure(const http::Request& request, const FailedLogin& failed, const std::string& reference);
/// The event that `reference` finds, with values of any length cut to what a reader needs.
model::LogEvent describe_failure(const http::Request& request, const FailedLogin& failed, const std::string& reference,
                                 Instant now);

/// Gives every failed login a short reference, one log line and an explanation that the reference finds: stored for
/// browsers that were really signing in, as far as their address has not had many of late, else in memory (login-runtime
/// §2.9, DB-5). Values in `error` are redacted already.
class FailureReporter {
 public:
  explicit FailureReporter(const Services& services) : services_(services) {}

  Task<std::string> report(http::Request request, FailedLogin failed);

 private:
  bool may_store(const http::Request& request, const FailedLogin& failed, Instant now);

  const Services& services_;
  std::atomic<std::int64_t> window_{0};
  std::atomic<int> stored_in_window_{0};
  RateLimit of_address_{{.per_second = 0.2, .burst = 60}};
};

/// An error as stored with its log event and shown to administrators.
boost::json::object explain_failure(const upstream::UpstreamError& error);
boost::json::array explain_exchanges(const std::vector<upstream::Exchange>& exchanges);

/// Eight characters that survive being read out over a telephone: `K7QF-2M9X`.
std::string make_reference(Random& random);

}  // namespace symbolon::login
