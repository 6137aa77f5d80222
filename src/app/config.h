#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::app {

/// Every setting of the server. A value comes from the default here, the TOML file, the environment (`SYMBOLON_` and
/// the name in capitals) or a flag, the later winning. settings() in config.cpp describes each one; the example file and
/// the reference page are made from it.
struct Config {
  std::string listen = "127.0.0.1:3000";
  std::string public_url;  ///< no default outside --dev: it ends up in every token
  std::filesystem::path data_dir = "symbolon-data";
  std::string database;    ///< empty: `sqlite:` and symbolon.db in data_dir
  std::string tls_cert, tls_key;
  bool dev = false;
  bool insecure_upstreams = false;
  int threads = 0;         ///< 0: one for each core
  std::vector<std::string> trusted_proxies;
  std::vector<std::string> allowed_networks;
  std::string upstream_ca;  ///< file with additional trust anchors for all providers
  std::string outbound_proxy;
  std::string dns_server;
  std::string log_level = "info";
  std::string log_format = "json";
  int log_retention_days = 30;
  int max_connections = 10000;
  int management_rate = 10000;         ///< calls of one tenant to the Management API in a second; twice as many at once
  int management_client_rate = 10000;  ///< the same for each of its clients

  std::string database_location() const;
  /// The file that the location names, whether it is there or not; none for a database in memory.
  std::optional<std::filesystem::path> database_file() const;
  bool public_url_is_https() const { return public_url.starts_with("https://"); }
};

/// Where values come from, besides the defaults. `flags` and `environment` map setting names to texts; lists are
/// separated by commas.
struct ConfigSources {
  std::string file;  ///< path; empty: none
  std::map<std::string, std::string> environment;
  std::map<std::string, std::string> flags;
};

/// `problems` lists everything that is wrong, each by name with what would be right; empty means usable.
struct LoadedConfig {
  Config config;
  std::vector<std::string> problems;
};

LoadedConfig load_config(const ConfigSources& sources);

/// The process environment's SYMBOLON_… variables by setting name.
std::map<std::string, std::string> environment_settings();

/// One setting as people see it.
struct SettingDescription {
  std::string name, value_form, default_text, text;
};
const std::vector<SettingDescription>& describe_settings();

/// config/symbolon.example.toml.
std::string example_config();

}  // namespace symbolon::app
