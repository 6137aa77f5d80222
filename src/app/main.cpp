#include <exception>
#include <iostream>

#include "app/commands.h"
#include "management/contract.h"

#ifndef SYMBOLON_VERSION
#error "SYMBOLON_VERSION comes from CMake"
#endif

namespace {

int run(const symbolon::app::CommandLine& command_line) {
  using symbolon::app::CommandLine;
  switch (command_line.command) {
    case CommandLine::Command::version: std::cout << "symbolon " SYMBOLON_VERSION "\n"; return 0;
    case CommandLine::Command::example_config: std::cout << symbolon::app::example_config(); return 0;
    case CommandLine::Command::openapi:
      std::cout << symbolon::management::Contract().document("https://login.example.com") << "\n";
      return 0;
    case CommandLine::Command::serve:
    case CommandLine::Command::client_create:
    case CommandLine::Command::export_tenant:
    case CommandLine::Command::apply_configuration:
    case CommandLine::Command::service_user_create:
    case CommandLine::Command::service_user_list:
    case CommandLine::Command::service_user_delete:
    case CommandLine::Command::tenant_create:
    case CommandLine::Command::tenant_list:
    case CommandLine::Command::tenant_delete: break;
  }
  const auto config = symbolon::app::configure(command_line);
  if (!config) return 2;
  if (command_line.command == CommandLine::Command::serve) return symbolon::app::serve(*config);
  if (command_line.command == CommandLine::Command::service_user_create ||
      command_line.command == CommandLine::Command::service_user_list ||
      command_line.command == CommandLine::Command::service_user_delete)
    return symbolon::app::manage_service_users(*config, command_line);
  if (command_line.command == CommandLine::Command::client_create)
    return symbolon::app::create_client(*config, command_line);
  if (command_line.command == CommandLine::Command::export_tenant)
    return symbolon::app::export_tenant(*config, command_line);
  if (command_line.command == CommandLine::Command::apply_configuration)
    return symbolon::app::apply_configuration(*config, command_line);
  return symbolon::app::manage_tenants(*config, command_line);
}

}  // namespace

int main(int count, char** arguments) try {
  const auto parsed = symbolon::app::parse_command_line(count, arguments);
  return parsed.command_line ? run(*parsed.command_line) : parsed.exit_code;
} catch (const std::exception& error) {
  std::cerr << "symbolon: " << error.what() << "\n";
  return 1;
}
