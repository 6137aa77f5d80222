#pragma once

#include "app/command_line.h"
#include "app/config.h"

namespace symbolon::app {

/// Each returns the exit code of the process and prints one clear sentence when something is wrong.
int serve(const Config& config);
int create_client(const Config& config, const CommandLine& command_line);
int export_tenant(const Config& config, const CommandLine& command_line);
/// Shows what a file would change, and changes it when the command line says yes.
int apply_configuration(const Config& config, const CommandLine& command_line);
/// `service-user create`, `service-user list` and `service-user delete`, while the server runs.
int manage_service_users(const Config& config, const CommandLine& command_line);
/// `tenant create`, `tenant list` and `tenant delete`; a running server follows within a second.
int manage_tenants(const Config& config, const CommandLine& command_line);

}  // namespace symbolon::app
