#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <optional>

#include "base/clock.h"
#include "login_storm/http_connection.h"
#include "login_storm/options.h"
#include "login_storm/stub_provider.h"

namespace symbolon::bench {

/// What all virtual users share. Outlives them.
struct World {
  const Options& options;
  const Clock& clock;
  StubProvider& stub;
  boost::asio::any_io_executor stub_executor;  ///< where the stub signs
  Endpoint stub_endpoint;
  std::optional<Endpoint> broker;  ///< absent when the flow needs no browser
  Endpoint token_endpoint;
};

}  // namespace symbolon::bench
