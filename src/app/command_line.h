#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"

namespace symbolon::app {

/// What the arguments ask for.
struct CommandLine {
  enum class Command {
    serve,
    client_create,
    service_user_create,
    service_user_list,
    service_user_delete,
    tenant_create,
    tenant_list,
    tenant_delete,
    export_tenant,
    apply_configuration,
    example_config,
    openapi,
    version
  };
  Command command = Command::serve;
  std::string config_file;
  std::map<std::string, std::string> flags;  ///< settings by name
  bool json = false;

  std::string client_name;
  bool client_management = false;
  std::string client_type;
  std::vector<std::string> client_callbacks;

  std::string configuration_file;  ///< of export and apply; "-": standard output or input
  bool plan_only = false, yes = false;

  std::string service_user_name, service_user_username;
  std::vector<std::string> service_user_roles;  ///< empty: IAM_OWNER
  bool service_user_key = false, service_user_token = false, service_user_secret = false;
  int service_user_days = 0;  ///< life of the personal access token; 0: until it is removed

  std::string tenant = "default";       ///< that the command is about
  std::vector<std::string> tenant_domains;  ///< host names or https URLs; the first is canonical
};

/// Parses the arguments; prints help or an error and answers with the exit code instead when that is all there is to do.
struct ParsedCommandLine {
  std::optional<CommandLine> command_line;
  int exit_code = 0;
};
ParsedCommandLine parse_command_line(int count, char** arguments);

/// The configuration that the command line, the environment and the file make together. Prints every problem and gives
/// nullopt when it cannot be used.
std::optional<Config> configure(const CommandLine& command_line);

}  // namespace symbolon::app
