#include "app/command_line.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace symbolon::app {
namespace {

std::string flag_of(std::string setting) {
  for (char& letter : setting)
    if (letter == '_') letter = '-';
  return "--" + setting;
}

void add_settings(CLI::App& command, CommandLine& made, const std::vector<std::string>& only = {}) {
  command.add_option("--config", made.config_file, "TOML file with settings; see config/symbolon.example.toml")
      ->check(CLI::ExistingFile);
  for (const SettingDescription& setting : describe_settings()) {
    if (!only.empty() && std::ranges::find(only, setting.name) == only.end()) continue;
    const auto store = [&made, name = setting.name](const std::string& value) { made.flags[name] = value; };
    if (setting.value_form == "true|false")
      command.add_flag_callback(flag_of(setting.name), [store] { store("true"); }, setting.text);
    else
      command.add_option_function<std::string>(flag_of(setting.name), store, setting.text)
          ->type_name(setting.value_form);
  }
}

void add_client_create(CLI::App& client, CommandLine& made) {
  auto* create = client.add_subcommand("create", "Make an application and print its id and secret");
  create->add_option("--name", made.client_name, "Name of the application")->required();
  create->add_flag("--management", made.client_management,
                   "Let it use every scope of the Management API through client credentials");
  create->add_option("--callback", made.client_callbacks, "Allowed callback URL; may be given several times");
  create->add_option("--type", made.client_type, "Type of the application")
      ->check(CLI::IsMember({"regular_web", "spa", "native", "non_interactive"}));
  create->add_flag("--json", made.json, "Print JSON");
  add_settings(*create, made, {"data_dir", "database", "public_url"});
  create->callback([&made] { made.command = CommandLine::Command::client_create; });
}

}  // namespace

ParsedCommandLine parse_command_line(int count, char** arguments) {
  CLI::App app("Symbolon, a self-hosted identity broker", "symbolon");
  app.require_subcommand(0, 1);
  CommandLine made;
  bool version = false;
  app.add_flag("--version", version, "Print the version");

  auto* serve = app.add_subcommand("serve", "Run the server");
  add_settings(*serve, made);
  serve->callback([&made] { made.command = CommandLine::Command::serve; });

  auto* client = app.add_subcommand("client", "Applications");
  client->require_subcommand(1);
  add_client_create(*client, made);

  auto* config = app.add_subcommand("example-config", "Print every setting with its default, as TOML");
  config->callback([&made] { made.command = CommandLine::Command::example_config; });
  auto* openapi = app.add_subcommand("openapi", "Print the OpenAPI document of the Management API, as JSON");
  openapi->callback([&made] { made.command = CommandLine::Command::openapi; });

  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, app.exit(error)};
  }
  if (version) {
    made.command = CommandLine::Command::version;
    return {std::move(made), 0};
  }
  if (app.get_subcommands().empty()) {
    std::cout << app.help();
    return {std::nullopt, 2};
  }
  return {std::move(made), 0};
}

std::optional<Config> configure(const CommandLine& command_line) {
  ConfigSources sources{.file = command_line.config_file,
                        .environment = environment_settings(),
                        .flags = command_line.flags};
  // Commands that only open the database need no public URL: the running server has written it there.
  if (command_line.command == CommandLine::Command::client_create && !sources.flags.contains("public_url") &&
      !sources.environment.contains("public_url") && sources.file.empty())
    sources.flags["dev"] = "true";
  LoadedConfig loaded = load_config(sources);
  for (const std::string& problem : loaded.problems) std::cerr << "symbolon: " << problem << "\n";
  if (!loaded.problems.empty()) return std::nullopt;
  return std::move(loaded.config);
}

}  // namespace symbolon::app
