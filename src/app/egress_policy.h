#pragma once

#include "app/config.h"
#include "http/egress.h"

namespace symbolon::app {

/// Where calls to providers may go, as the operator configured it.
http::EgressPolicy egress_policy(const Config& config);

}  // namespace symbolon::app
