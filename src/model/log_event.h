#pragma once

#include <string>

#include "base/clock.h"
#include "base/id.h"

namespace symbolon::model {

/// One line of the tenant's log (management-api §6.1). Type codes are Auth0's where it has one.
struct LogEvent {
  std::string log_id;  ///< given by the store; grows with time
  Instant date{};
  std::string type;
  std::string description;
  ClientId client;
  std::string client_name;
  ConnectionId connection_id;
  std::string connection, strategy;
  UserId user;
  std::string user_name;
  std::string ip, user_agent, hostname;
  std::string audience, scope;
  std::string reference;  ///< what a person reads off an error page; finds this event again
  std::string details;    ///< JSON object; secrets already redacted
};

}  // namespace symbolon::model
