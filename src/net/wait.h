#pragma once

#include <chrono>

#include "base/task.h"

namespace symbolon::net {

/// Resumes after `duration`, or throws when the server stops (Server::spawn).
Task<void> wait(std::chrono::milliseconds duration);

}  // namespace symbolon::net
