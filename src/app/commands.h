#pragma once

#include "app/command_line.h"
#include "app/config.h"

namespace symbolon::app {

/// Each returns the exit code of the process and prints one clear sentence when something is wrong.
int serve(const Config& config);
int create_client(const Config& config, const CommandLine& command_line);

}  // namespace symbolon::app
