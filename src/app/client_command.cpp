#include <boost/json.hpp>
#include <iostream>

#include "app/bootstrap.h"
#include "app/commands.h"
#include "app/installation.h"
#include "management/contract.h"
#include "management/new_client.h"
#include "management/system_resource_server.h"
#include "net/run_here.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/tenant_store.h"

namespace symbolon::app {
namespace {

namespace json = boost::json;

const TenantId kDefaultTenant("default");

// The public URL under which the tenant answers, as the server last wrote it.
Task<std::string> canonical_url(db::Database& db, TenantId tenant) {
  co_return co_await db.read([&](db::Transaction& tx) -> std::string {
    for (const store::Domain& domain : store::TenantStore(tx).list_domains(tenant))
      if (domain.is_canonical) return domain.base_url;
    return {};
  });
}

json::object requested_members(const CommandLine& command_line) {
  json::object members{{"name", command_line.client_name}};
  if (!command_line.client_callbacks.empty())
    members["callbacks"] = json::value_from(command_line.client_callbacks);
  if (!command_line.client_type.empty()) members["app_type"] = command_line.client_type;
  if (command_line.client_management) {
    members["app_type"] = "non_interactive";
    members["grant_types"] = json::array{"client_credentials"};
  }
  return members;
}

void print(const management::NewClient& made, const std::string& base_url, bool management, bool as_json) {
  json::object shown{{"client_id", made.client.id.str()},
                     {"client_secret", made.secret},
                     {"name", made.client.name},
                     {"domain", base_url},
                     {"token_endpoint", base_url + "/oauth/token"}};
  if (management) shown["audience"] = management::system_identifier(base_url);
  if (as_json) {
    std::cout << json::serialize(shown) << "\n";
    return;
  }
  for (const auto& [name, value] : shown)
    std::cout << std::string(name) << ": " << std::string(value.get_string()) << "\n";
}

// The rules of POST /api/v2/clients hold here too.
std::optional<std::string> find_mistake(const json::object& members) {
  const management::Contract contract;
  for (const management::ContractOperation& operation : contract.operations())
    if (operation.id == "clients_create")
      if (auto error = contract.validator().check(members, *operation.body_schema))
        return management::payload_message(*error);
  return std::nullopt;
}

Task<int> create(Installation& installation, std::string configured_url, CommandLine command_line) {
  const Instant now = installation.clock.now();
  const TenantId tenant(command_line.tenant);
  std::string base_url = co_await canonical_url(*installation.db, tenant);
  if (base_url.empty() && tenant != kDefaultTenant) {
    std::cerr << "symbolon: there is no tenant " << tenant.str() << "; `symbolon tenant list` names them\n";
    co_return 2;
  }
  if (base_url.empty()) {
    co_await ensure_default_tenant(*installation.db, configured_url, installation.random, now);
    base_url = configured_url;
  }
  const json::object members = requested_members(command_line);
  if (const auto mistake = find_mistake(members)) {
    std::cerr << "symbolon: " << *mistake << "\n";
    co_return 2;
  }
  auto made = management::make_client(tenant, members, *installation.box, installation.random, now);
  if (!made) {
    std::cerr << "symbolon: " << made.error().message << "\n";
    co_return 2;
  }
  co_await installation.db->write([&](db::Transaction& tx) {
    store::ClientStore(tx, tenant).insert(made->client);
    store::ConnectionStore(tx, tenant).mark_all_changed(made->client.id, now);
    if (command_line.client_management)
      management::grant_all_scopes(tx, made->client, management::system_identifier(base_url), installation.random, now);
  });
  print(*made, base_url, command_line.client_management, command_line.json);
  co_return 0;
}

}  // namespace

int create_client(const Config& config, const CommandLine& command_line) {
  Installation installation(config);
  return net::run_here(create(installation, config.public_url, command_line));
}

}  // namespace symbolon::app
