#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "app/commands.h"
#include "app/configuration_export.h"
#include "app/configuration_plan.h"
#include "app/installation.h"
#include "app/local_api.h"
#include "app/yaml_text.h"
#include "management/connection_options.h"
#include "net/run_here.h"

namespace symbolon::app {
namespace {

namespace json = boost::json;

std::string text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

// The file, checked for what no plan can be made of.
json::object read_sections(const json::value& value) {
  if (!value.is_object()) throw std::runtime_error("it must hold settings, clients or connections");
  for (const auto& section : value.get_object()) {
    const std::string name(section.key());
    const bool is_list = name == "clients" || name == "connections";
    if (!is_list && name != "settings") throw std::runtime_error("unknown section " + name + "; there are settings, clients and connections");
    if (section.value().is_null()) continue;
    if (!is_list && !section.value().is_object()) throw std::runtime_error(name + " must be a map");
    if (!is_list) continue;
    if (!section.value().is_array()) throw std::runtime_error(name + " must be a list");
    for (const json::value& one : section.value().get_array())
      if (!one.is_object() || text(one.get_object(), "name").empty())
        throw std::runtime_error("every entry of " + name + " needs a name");
  }
  return value.get_object();
}

std::vector<json::object> entries(const json::object& sections, std::string_view name) {
  std::vector<json::object> found;
  const auto* list = sections.if_contains(name);
  if (list && list->is_array())
    for (const json::value& one : list->get_array()) found.push_back(one.get_object());
  return found;
}

/// Clients of the tenant by id and by name; the file may use either.
class KnownClients {
 public:
  explicit KnownClients(const json::array& clients) {
    for (const json::value& client : clients) add(text(client.get_object(), "client_id"), text(client.get_object(), "name"));
  }

  void add(const std::string& id, const std::string& name) {
    names_[id] = name;
    ids_[name].push_back(id);
  }
  void promise(const std::string& name) { promised_.push_back(name); }

  /// Empty when there is none.
  std::string find(const std::string& id_or_name) const {
    if (names_.contains(id_or_name)) return id_or_name;
    const auto found = ids_.find(id_or_name);
    if (found == ids_.end()) return {};
    if (found->second.size() > 1)
      throw std::runtime_error("several clients are called " + id_or_name + ": name one by its client_id");
    return found->second.front();
  }
  bool is_promised(const std::string& name) const { return std::ranges::find(promised_, name) != promised_.end(); }

 private:
  std::map<std::string, std::string> names_;
  std::map<std::string, std::vector<std::string>> ids_;
  std::vector<std::string> promised_;
};

std::string refusal(const std::string& what, const LocalReply& reply) { return what + ": " + reply.message(); }

class Apply {
 public:
  Apply(LocalApi& api, YamlFile file)
      : api_(api), sections_(read_sections(file.value)), secrets_(std::move(file.secrets)) {}

  const std::vector<PlannedStep>& steps() const { return steps_; }
  const std::vector<std::string>& secrets() const { return secrets_; }

  Task<void> plan() {
    clients_.emplace(co_await api_.list("clients_list", "clients"));
    if (const auto* settings = sections_.if_contains("settings"); settings && settings->is_object()) {
      const PresentResource present = co_await get("tenant_settings_get", "", "settings");
      steps_.push_back(plan_document("settings", "", settings->get_object(), present));
    }
    for (json::object& client : entries(sections_, "clients")) co_await plan_client(std::move(client));
    for (json::object& connection : entries(sections_, "connections"))
      co_await plan_one_connection(std::move(connection));
    for (const PlannedStep& step : steps_) refuse_mistake(step);
  }

  /// In the order of the file; stops at the first that is refused, with what was done before it done.
  Task<void> run() {
    for (PlannedStep& step : steps_)
      if (step.action != PlannedStep::Action::keep) co_await carry_out(step);
  }

 private:
  static std::string title(const PlannedStep& step) {
    return step.name.empty() ? step.kind : step.kind + " " + step.name;
  }

  static std::string operation(const PlannedStep& step) {
    if (step.kind == "settings") return "tenant_settings_update";
    return step.kind + (step.action == PlannedStep::Action::create ? "s_create" : "s_update");
  }

  // A mistake in the last entry of a file should not be found when the others have been carried out.
  void refuse_mistake(const PlannedStep& step) const {
    if (step.action == PlannedStep::Action::keep) return;
    json::object body = step.body;
    body.erase("enabled_clients");  // the names of clients that are yet to be made stand among the ids
    if (body.empty()) return;
    if (const auto mistake = api_.find_mistake(operation(step), body))
      throw std::runtime_error(title(step) + ": " + *mistake);
  }

  Task<PresentResource> get(std::string operation, std::string id, std::string what) {
    LocalCall call;
    call.operation = std::move(operation);
    call.id = id;
    LocalReply reply = co_await api_.call(std::move(call));
    if (!reply.is_good()) throw std::runtime_error(refusal(what, reply));
    co_return PresentResource{std::move(id), std::move(reply.etag), std::move(reply.body.as_object())};
  }

  Task<void> plan_client(json::object wanted) {
    const std::string name = text(wanted, "name");
    std::string id = clients_->find(text(wanted, "client_id"));
    if (id.empty()) id = clients_->find(name);
    wanted.erase("client_id");
    std::optional<PresentResource> present;
    if (id.empty())
      clients_->promise(name);
    else
      present = co_await get("clients_get", id, "client " + name);
    steps_.push_back(plan_document("client", name, std::move(wanted), present));
  }

  Task<void> plan_one_connection(json::object wanted) {
    const std::string name = text(wanted, "name");
    resolve_clients(wanted, name);
    const auto present = co_await find_connection(name);
    model::Strategy strategy = model::Strategy::oidc;
    const std::string named = present ? text(present->document, "strategy") : text(wanted, "strategy");
    if (named.empty())
      throw std::runtime_error("connection " + name + " does not exist, so it needs a strategy: oidc, okta or oauth2");
    if (!from_text(named, strategy)) throw std::runtime_error("connection " + name + ": unknown strategy " + named);
    const Canonical canonical = [this, strategy](json::object options) -> std::expected<json::object, std::string> {
      auto made = management::canonical_options(api_.services(), strategy, std::move(options));
      if (!made) return std::unexpected(made.error().message);
      return std::move(*made);
    };
    auto step = plan_connection(std::move(wanted), present, canonical);
    if (!step) throw std::runtime_error("connection " + name + ": " + step.error());
    steps_.push_back(std::move(*step));
  }

  Task<std::optional<PresentResource>> find_connection(std::string name) {
    LocalCall call;
    call.operation = "connections_list";
    call.query = http::encode_form({{"name", name}, {"fields", "id"}});
    const LocalReply reply = co_await api_.call(std::move(call));
    if (!reply.is_good()) throw std::runtime_error(refusal("connection " + name, reply));
    if (reply.body.as_array().empty()) co_return std::nullopt;
    const std::string id = text(reply.body.as_array().front().as_object(), "id");
    co_return co_await get("connections_get", id, "connection " + name);
  }

  // Names become ids where there are ids already; the rest follows when the clients have been made.
  void resolve_clients(json::object& connection, const std::string& name) {
    auto* enabled = connection.if_contains("enabled_clients");
    if (!enabled || !enabled->is_array()) return;
    for (json::value& one : enabled->get_array()) {
      if (!one.is_string()) continue;
      const std::string given(one.get_string());
      const std::string id = clients_->find(given);
      if (!id.empty())
        one = id;
      else if (!clients_->is_promised(given))
        throw std::runtime_error("connection " + name + ": there is no client " + given);
    }
  }

  Task<void> carry_out(PlannedStep& step) {
    const std::string what = title(step);
    if (step.kind == "connection") resolve_clients(step.body, step.name);
    LocalCall call;
    const bool is_new = step.action == PlannedStep::Action::create;
    call.operation = operation(step);
    call.id = step.id;
    call.if_match = step.etag;
    call.body = step.body;
    const LocalReply reply = co_await api_.call(std::move(call));
    if (reply.status == 412)
      throw std::runtime_error(what + " was changed by somebody else since the plan was made: run this command again");
    if (!reply.is_good()) throw std::runtime_error(refusal(what, reply));
    if (step.kind == "client" && is_new) clients_->add(text(reply.body.as_object(), "client_id"), step.name);
    std::cerr << (is_new ? "created " : "changed ") << what << "\n";
  }

  LocalApi& api_;
  const json::object sections_;
  const std::vector<std::string> secrets_;
  std::optional<KnownClients> clients_;
  std::vector<PlannedStep> steps_;
};

YamlFile read_file_or_input(const std::string& path) {
  std::ostringstream content;
  if (path == "-") {
    content << std::cin.rdbuf();
  } else {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error(path + " cannot be read");
    content << in.rdbuf();
  }
  auto file = read_yaml(content.str(), std::filesystem::path(path).parent_path());
  if (!file) throw std::runtime_error(path + ", " + file.error());
  return std::move(*file);
}

Task<int> apply(Installation& installation, const Config& config, const CommandLine& command_line) {
  const TenantId tenant(command_line.tenant);
  LocalApi api(installation, config, co_await canonical_site(*installation.db, tenant));
  Apply work(api, read_file_or_input(command_line.configuration_file));
  co_await work.plan();
  if (command_line.json)
    std::cout << json::serialize(show_plan(work.steps(), work.secrets())) << "\n";
  else
    std::cout << describe_plan(work.steps(), work.secrets());
  const bool nothing_to_do = std::ranges::all_of(
      work.steps(), [](const PlannedStep& step) { return step.action == PlannedStep::Action::keep; });
  if (nothing_to_do || command_line.plan_only) co_return 0;
  if (!command_line.yes) {
    std::cerr << "Nothing was changed. Run the command again with --yes to carry the plan out.\n";
    co_return 0;
  }
  co_await work.run();
  co_return 0;
}

Task<int> write_export(Installation& installation, const Config& config, const CommandLine& command_line) {
  const TenantId tenant(command_line.tenant);
  LocalApi api(installation, config, co_await canonical_site(*installation.db, tenant));
  const json::object exported = co_await export_configuration(api, *installation.db, tenant);
  const std::string content = command_line.json ? json::serialize(exported) + "\n" : write_yaml(exported);
  if (command_line.configuration_file.empty() || command_line.configuration_file == "-") {
    std::cout << content;
    co_return 0;
  }
  std::ofstream out(command_line.configuration_file, std::ios::binary | std::ios::trunc);
  out << content;
  out.close();
  if (!out) throw std::runtime_error(command_line.configuration_file + " cannot be written");
  co_return 0;
}

}  // namespace

int export_tenant(const Config& config, const CommandLine& command_line) {
  Installation installation(config);
  return net::run_here(write_export(installation, config, command_line));
}

int apply_configuration(const Config& config, const CommandLine& command_line) {
  Installation installation(config);
  return net::run_here(apply(installation, config, command_line));
}

}  // namespace symbolon::app
