#include "app/command_line.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <numeric>
#include <utility>

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
          ->type_name(setting.value_form)
          ->default_str(setting.default_text);
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
  create->add_option("--tenant", made.tenant, "Tenant that it belongs to")->capture_default_str();
  create->add_flag("--json", made.json, "Print JSON");
  add_settings(*create, made, {"data_dir", "database", "public_url"});
  create->callback([&made] { made.command = CommandLine::Command::client_create; });
}

void add_tenant_commands(CLI::App& tenant, CommandLine& made) {
  using Command = CommandLine::Command;
  const auto add = [&](const char* name, const char* text, Command command) {
    auto* added = tenant.add_subcommand(name, text);
    added->add_flag("--json", made.json, "Print JSON");
    add_settings(*added, made, {"data_dir", "database", "public_url"});
    added->callback([&made, command] { made.command = command; });
    return added;
  };
  auto* create = add("create", "Make a tenant that answers on host names of its own", Command::tenant_create);
  create->add_option("name", made.tenant, "Name: a-z, 0-9 and -")->required();
  create->add_option("--domain", made.tenant_domains,
                     "Host name, with a port if it is not the server's own; may be given several times, the first is "
                     "the issuer's")
      ->required();
  add("list", "Print tenants and their host names", Command::tenant_list);
  auto* remove = add("delete", "Remove a tenant with everything in it", Command::tenant_delete);
  remove->add_option("name", made.tenant, "Name of the tenant")->required();
}

void add_service_user_commands(CLI::App& users, CommandLine& made) {
  using Command = CommandLine::Command;
  const auto add = [&](const char* name, const char* text, Command command) {
    auto* added = users.add_subcommand(name, text);
    added->add_option("--tenant", made.tenant, "Tenant that it belongs to")->capture_default_str();
    added->add_flag("--json", made.json, "Print JSON");
    add_settings(*added, made, {"data_dir", "database", "public_url"});
    added->callback([&made, command] { made.command = command; });
    return added;
  };
  add("list", "Print service users and their roles", Command::service_user_list);
  auto* remove = add("delete", "Remove a service user; its tokens, keys and secret end at once", Command::service_user_delete);
  remove->add_option("username", made.service_user_username, "Username of the service user")->required();
  auto* create = add("create", "Make a service user for the ZITADEL API and print its credentials",
                     Command::service_user_create);
  create->add_option("--name", made.service_user_name, "Name of the service user")->required();
  create->add_option("--username", made.service_user_username, "Username; made from the name when left out");
  create->add_option("--role", made.service_user_roles, "IAM_OWNER (default), IAM_OWNER_VIEWER, ORG_OWNER, ORG_OWNER_VIEWER");
  create->add_flag("--key", made.service_user_key, "Make a key for the JWT profile and print its file");
  create->add_flag("--pat", made.service_user_token, "Make a personal access token");
  create->add_flag("--secret", made.service_user_secret, "Make a secret for client credentials");
  create->add_option("--days", made.service_user_days, "Days until the personal access token ends; 0: never")
      ->check(CLI::Range(0, 36500));
}

void add_configuration_commands(CLI::App& app, CommandLine& made) {
  using Command = CommandLine::Command;
  auto* exported = app.add_subcommand("export", "Print a tenant's settings, clients and connections as YAML, without secrets");
  exported->add_option("file", made.configuration_file, "File to write; standard output when left out");
  exported->callback([&made] { made.command = Command::export_tenant; });

  auto* apply = app.add_subcommand("apply", "Bring a tenant's settings, clients and connections to what a YAML file says");
  apply->add_option("file", made.configuration_file, "File to read; - is standard input")->required();
  auto* plan = apply->add_flag("--plan", made.plan_only, "Only show what would change");
  apply->add_flag("--yes", made.yes, "Carry the plan out without asking")->excludes(plan);
  apply->callback([&made] { made.command = Command::apply_configuration; });

  for (CLI::App* command : {exported, apply}) {
    command->add_option("--tenant", made.tenant, "Tenant that it is about")->capture_default_str();
    command->add_flag("--json", made.json, "Print JSON");
    add_settings(*command, made,
                 {"data_dir", "database", "public_url", "dev", "allowed_networks", "insecure_upstreams", "upstream_ca",
                  "outbound_proxy"});
  }
}

// Letters to change, add or leave out to make one word of the other.
std::size_t distance(const std::string& from, const std::string& to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({replaced, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row.back();
}

// For each flag that the command does not know, the one that it may have been meant to be.
void suggest_flags(const CLI::App& app, const std::vector<std::string>& arguments) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  std::vector<std::string> known;
  for (const CLI::Option* option : command->get_options())
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  for (const std::string& argument : arguments) {
    const std::string flag = argument.substr(0, argument.find('='));
    if (!flag.starts_with("--") || known.empty() || std::ranges::find(known, flag) != known.end()) continue;
    const auto nearest = std::ranges::min_element(known, {}, [&](const auto& name) { return distance(flag, name); });
    if (distance(flag, *nearest) <= 2) std::cerr << "Is " << *nearest << " meant by " << flag << "?\n";
  }
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
  auto* service_user = app.add_subcommand("service-user", "Programs that use the ZITADEL API");
  service_user->require_subcommand(1);
  add_service_user_commands(*service_user, made);

  auto* tenant = app.add_subcommand("tenant", "Tenants, each with issuer, keys, applications and people of its own");
  tenant->require_subcommand(1);
  add_tenant_commands(*tenant, made);

  add_configuration_commands(app, made);

  auto* config = app.add_subcommand("example-config", "Print every setting with its default, as TOML");
  config->callback([&made] { made.command = CommandLine::Command::example_config; });
  auto* openapi = app.add_subcommand("openapi", "Print the OpenAPI document of the Management API, as JSON");
  openapi->callback([&made] { made.command = CommandLine::Command::openapi; });

  try {
    app.parse(count, arguments);
  } catch (const CLI::ExtrasError& error) {
    const int exit_code = app.exit(error);
    suggest_flags(app, {arguments + 1, arguments + count});
    return {std::nullopt, exit_code};
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
  const bool knows_url = sources.flags.contains("public_url") || sources.environment.contains("public_url") ||
                         !sources.file.empty();
  const bool opens_only = command_line.command != CommandLine::Command::serve && !knows_url;
  // They judge providers as the server does, which the looser rules of --dev would not.
  const bool judges_providers = command_line.command == CommandLine::Command::apply_configuration ||
                                command_line.command == CommandLine::Command::export_tenant;
  if (opens_only && judges_providers) sources.flags["public_url"] = "https://localhost";
  else if (opens_only) sources.flags["dev"] = "true";
  LoadedConfig loaded = load_config(sources);
  for (const std::string& problem : loaded.problems) std::cerr << "symbolon: " << problem << "\n";
  if (!loaded.problems.empty()) return std::nullopt;
  const auto database = loaded.config.database_file();
  if (std::error_code none; opens_only && database && !std::filesystem::exists(*database, none)) {
    std::cerr << "symbolon: there is no database at " << database->string()
              << ": give the server's --data-dir or --config, or start the server first\n";
    return std::nullopt;
  }
  return std::move(loaded.config);
}

}  // namespace symbolon::app
