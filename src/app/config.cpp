#include "app/config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <charconv>
#include <cstdlib>
#include <functional>
#include <optional>
#include <set>

#include "base/text.h"
#include "http/address.h"
#include "http/url.h"
#include "net/dns_lookup.h"

extern char** environ;

namespace symbolon::app {
namespace {

// Sets one value from its text form; the answer is what would be right, or nothing when it is fine.
using Setter = std::function<std::optional<std::string>(Config&, const std::string&)>;

struct Setting {
  std::string name, value_form, default_text, text;
  Setter set;
};

Setter text_setting(std::string Config::*member) {
  return [member](Config& config, const std::string& value) -> std::optional<std::string> {
    config.*member = value;
    return std::nullopt;
  };
}

Setter path_setting(std::filesystem::path Config::*member) {
  return [member](Config& config, const std::string& value) -> std::optional<std::string> {
    if (value.empty()) return "a directory";
    config.*member = value;
    return std::nullopt;
  };
}

Setter flag_setting(bool Config::*member) {
  return [member](Config& config, const std::string& value) -> std::optional<std::string> {
    if (value != "true" && value != "false") return "true or false";
    config.*member = value == "true";
    return std::nullopt;
  };
}

Setter number_setting(int Config::*member, int least, int most) {
  return [=](Config& config, const std::string& value) -> std::optional<std::string> {
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || number < least || number > most)
      return fmt::format("a whole number from {} to {}", least, most);
    config.*member = number;
    return std::nullopt;
  };
}

Setter choice_setting(std::string Config::*member, std::vector<std::string> choices) {
  return [=](Config& config, const std::string& value) -> std::optional<std::string> {
    if (!contains(choices, value)) return "one of " + join(choices, ", ");
    config.*member = value;
    return std::nullopt;
  };
}

Setter networks_setting(std::vector<std::string> Config::*member) {
  return [=](Config& config, const std::string& value) -> std::optional<std::string> {
    const std::vector<std::string> networks = split_words(value, ", ");
    for (const std::string& network : networks)
      if (!http::parse_network(network)) return "networks such as 10.0.0.0/8 or fd00::/8, separated by commas";
    config.*member = networks;
    return std::nullopt;
  };
}

Setter dns_setting(std::string Config::*member) {
  return [=](Config& config, const std::string& value) -> std::optional<std::string> {
    if (!value.empty() && !net::is_dns_server(value)) return "an IPv4 address such as 192.0.2.53 or 192.0.2.53:53";
    config.*member = value;
    return std::nullopt;
  };
}

const std::vector<Setting>& settings() {
  static const std::vector<Setting> all{
      {"listen", "ADDRESS:PORT", "127.0.0.1:3000", "Where the server listens.", text_setting(&Config::listen)},
      {"public_url", "URL", "",
       "The address that browsers and applications use, without a path; it ends up in every token. https, or http on "
       "localhost. Required unless dev is on.",
       text_setting(&Config::public_url)},
      {"data_dir", "DIRECTORY", "symbolon-data", "Where the embedded database and the master key file live.",
       path_setting(&Config::data_dir)},
      {"database", "LOCATION", "sqlite:DATA_DIR/symbolon.db", "Where records are kept.",
       text_setting(&Config::database)},
      {"tls_cert", "FILE", "", "PEM certificate chain, when the server itself speaks TLS.",
       text_setting(&Config::tls_cert)},
      {"tls_key", "FILE", "", "PEM private key that belongs to tls_cert.", text_setting(&Config::tls_key)},
      {"dev", "true|false", "false",
       "For development: https with a certificate authority made at DATA_DIR/dev-ca.pem, providers on http and private "
       "addresses allowed, readable logs. Refuses to listen on a public address.",
       flag_setting(&Config::dev)},
      {"insecure_upstreams", "true|false", "false",
       "Accept providers on plain http, for tests on one machine; dev implies it. Which addresses may be reached stays a "
       "matter of allowed_networks.",
       flag_setting(&Config::insecure_upstreams)},
      {"threads", "NUMBER", "0", "I/O threads; 0 means one for each core.", number_setting(&Config::threads, 0, 256)},
      {"trusted_proxies", "NETWORKS", "", "Proxies whose X-Forwarded-For is believed; none by default.",
       networks_setting(&Config::trusted_proxies)},
      {"allowed_networks", "NETWORKS", "",
       "Private networks that every connection may reach. Prefer the allow-list of a single connection.",
       networks_setting(&Config::allowed_networks)},
      {"upstream_ca", "FILE", "", "PEM file with certificate authorities to trust for providers besides the system's.",
       text_setting(&Config::upstream_ca)},
      {"outbound_proxy", "URL", "", "HTTP proxy for all calls to providers.", text_setting(&Config::outbound_proxy)},
      {"dns_server", "ADDRESS:PORT", "",
       "Name server that proofs of custom domains are looked up at, IPv4; the system's by default.",
       dns_setting(&Config::dns_server)},
      {"log_level", "debug|info|warning|error", "info", "Least level of log lines.",
       choice_setting(&Config::log_level, {"debug", "info", "warning", "error"})},
      {"log_format", "json|readable", "json", "Form of log lines; readable by default with dev.",
       choice_setting(&Config::log_format, {"json", "readable"})},
      {"log_retention_days", "DAYS", "30", "How long log events are kept in the database.",
       number_setting(&Config::log_retention_days, 1, 3650)},
      {"max_connections", "NUMBER", "10000", "TCP connections served at a time.",
       number_setting(&Config::max_connections, 10, 1000000)},
      {"management_rate", "NUMBER", "10000",
       "Management API calls of one tenant in a second; twice as many may come at once. More get 429.",
       number_setting(&Config::management_rate, 1, 1000000)},
      {"management_client_rate", "NUMBER", "10000", "The same for each client of a tenant.",
       number_setting(&Config::management_client_rate, 1, 1000000)},
  };
  return all;
}

const Setting* find_setting(const std::string& name) {
  for (const Setting& setting : settings())
    if (setting.name == name) return &setting;
  return nullptr;
}

class Loader {
 public:
  void apply(const std::string& name, const std::string& value, const std::string& source) {
    const Setting* setting = find_setting(name);
    if (!setting) {
      problems.push_back(fmt::format("{}: no such setting ({}); see symbolon.example.toml", name, source));
      return;
    }
    given.insert(name);
    if (auto expected = setting->set(config, value))
      problems.push_back(fmt::format("{}: '{}' is not usable ({}); it has to be {}", name, value, source, *expected));
  }

  void apply_file(const std::string& path) {
    toml::table table;
    try {
      table = toml::parse_file(path);
    } catch (const toml::parse_error& error) {
      problems.push_back(fmt::format("{}: {} (line {})", path, error.description(), error.source().begin.line));
      return;
    }
    for (const auto& [key, node] : table) apply(std::string(key.str()), text_of(node), path);
  }

  Config config;
  std::vector<std::string> problems;
  std::set<std::string> given;

 private:
  static std::string text_of(const toml::node& node) {
    if (const auto* list = node.as_array()) {
      std::vector<std::string> parts;
      for (const auto& part : *list) parts.push_back(text_of(part));
      return join(parts, ",");
    }
    if (const auto text = node.value_exact<std::string>()) return *text;
    if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
    if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
    return "(a table)";
  }
};

bool is_loopback_endpoint(const std::string& listen) {
  const auto url = http::parse_url("http://" + listen + "/");
  return url && url->is_loopback();
}

// A public URL is a bare origin: a path would have to be kept in every route, cookie and issuer.
void check_public_url(const Config& config, std::vector<std::string>& problems) {
  if (config.public_url.empty()) {
    problems.push_back("public_url: missing; it has to be the address that browsers use, such as "
                       "https://login.example.com");
    return;
  }
  const auto url = http::parse_url(config.public_url);
  if (!url || (!url->is_https() && !url->is_http()) || url->query || url->fragment ||
      (!url->path.empty() && url->path != "/"))
    problems.push_back(fmt::format("public_url: '{}' is not usable; it has to be https://HOST or https://HOST:PORT "
                                   "without a path", config.public_url));
  else if (url->is_http() && !url->is_loopback())
    problems.push_back("public_url: plain http is allowed on localhost only; put TLS in front and use https://");
}

void check_whole(Config& config, const std::set<std::string>& given, std::vector<std::string>& problems) {
  const auto listen = http::parse_url("http://" + config.listen + "/");
  if (!listen || listen->port.empty())
    problems.push_back(fmt::format("listen: '{}' is not usable; it has to be ADDRESS:PORT, such as 127.0.0.1:3000",
                                   config.listen));
  if (config.dev) {
    config.insecure_upstreams = true;
    if (listen && !is_loopback_endpoint(config.listen))
      problems.push_back("listen: dev refuses a public listen address; use 127.0.0.1:PORT or turn dev off");
    if (config.public_url.empty() && listen) config.public_url = "https://localhost:" + listen->port;
    if (!given.contains("log_format")) config.log_format = "readable";
  }
  check_public_url(config, problems);
  while (config.public_url.ends_with('/')) config.public_url.pop_back();
  if (config.tls_cert.empty() != config.tls_key.empty())
    problems.push_back("tls_cert, tls_key: both or none; one is missing");
  const std::pair<const char*, const std::string*> files[] = {
      {"tls_cert", &config.tls_cert}, {"tls_key", &config.tls_key}, {"upstream_ca", &config.upstream_ca}};
  for (const auto& [name, file] : files)
    if (!file->empty() && !std::filesystem::is_regular_file(*file))
      problems.push_back(fmt::format("{}: '{}' is not a file that can be read", name, *file));
  if (!config.outbound_proxy.empty()) {
    const auto proxy = http::parse_url(config.outbound_proxy);
    if (!proxy || (!proxy->is_http() && !proxy->is_https()))
      problems.push_back("outbound_proxy: has to be http://HOST:PORT");
  }
  const std::string location = config.database_location();
  if (!location.starts_with("sqlite:"))
    problems.push_back(fmt::format("database: '{}' is not usable; it has to be sqlite:PATH", config.database));
}

}  // namespace

std::string Config::database_location() const {
  return database.empty() ? "sqlite:" + (data_dir / "symbolon.db").string() : database;
}

std::optional<std::filesystem::path> Config::database_file() const {
  constexpr std::string_view kScheme = "sqlite:";
  const std::string location = database_location();
  if (!location.starts_with(kScheme) || location == "sqlite::memory:") return std::nullopt;
  return location.substr(kScheme.size());
}

LoadedConfig load_config(const ConfigSources& sources) {
  Loader loader;
  if (!sources.file.empty()) loader.apply_file(sources.file);
  for (const auto& [name, value] : sources.environment) loader.apply(name, value, "environment");
  for (const auto& [name, value] : sources.flags) loader.apply(name, value, "command line");
  check_whole(loader.config, loader.given, loader.problems);
  return {std::move(loader.config), std::move(loader.problems)};
}

std::map<std::string, std::string> environment_settings() {
  static constexpr std::string_view kPrefix = "SYMBOLON_";
  std::map<std::string, std::string> found;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text(*entry);
    if (!text.starts_with(kPrefix)) continue;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string name = to_lower_ascii(text.substr(kPrefix.size(), equals - kPrefix.size()));
    // Variables of our own scripts and tests share the prefix; only settings are taken.
    if (find_setting(name)) found.emplace(name, text.substr(equals + 1));
  }
  return found;
}

const std::vector<SettingDescription>& describe_settings() {
  static const std::vector<SettingDescription> all = [] {
    std::vector<SettingDescription> made;
    for (const Setting& setting : settings())
      made.push_back({setting.name, setting.value_form, setting.default_text, setting.text});
    return made;
  }();
  return all;
}

std::string example_config() {
  std::string out =
      "# Every setting of `symbolon serve` with its default. The environment overrides this file (SYMBOLON_LISTEN),\n"
      "# flags override both (--listen).\n";
  for (const SettingDescription& setting : describe_settings()) {
    out += "\n";
    for (std::string_view rest = setting.text; !rest.empty();) {
      const auto cut = rest.size() <= 116 ? rest.size() : rest.rfind(' ', 116);
      out += "# " + std::string(rest.substr(0, cut)) + "\n";
      rest.remove_prefix(std::min(rest.size(), cut + 1));
    }
    const bool bare = setting.default_text == "true" || setting.default_text == "false" ||
                      (!setting.default_text.empty() &&
                       setting.default_text.find_first_not_of("0123456789") == std::string::npos);
    const bool list = setting.value_form == "NETWORKS";
    out += fmt::format("# {} = {}\n", setting.name,
                       list ? "[]" : bare ? setting.default_text : "\"" + setting.default_text + "\"");
  }
  return out;
}

}  // namespace symbolon::app
