#include <boost/json.hpp>
#include <iostream>

#include "app/commands.h"
#include "app/installation.h"
#include "net/run_here.h"
#include "store/tenant_store.h"
#include "zitadel/new_service_user.h"

namespace symbolon::app {
namespace {

namespace json = boost::json;

zitadel::ServiceUserOrder order_of(const CommandLine& command_line) {
  zitadel::ServiceUserOrder order;
  order.name = command_line.service_user_name;
  order.username = command_line.service_user_username;
  if (!command_line.service_user_roles.empty()) order.roles = command_line.service_user_roles;
  order.with_key = command_line.service_user_key;
  order.with_token = command_line.service_user_token;
  order.with_secret = command_line.service_user_secret;
  if (command_line.service_user_days > 0) order.token_lifetime = std::chrono::days(command_line.service_user_days);
  return order;
}

void print(const zitadel::NewServiceUser& made, bool as_json) {
  json::object shown{{"user_id", made.user.id.str()}, {"username", made.user.username}};
  if (!made.token.empty()) shown["personal_access_token"] = made.token;
  if (!made.secret.empty()) shown["client_secret"] = made.secret;
  if (!made.key_file.empty()) shown["key_file"] = json::parse(made.key_file);
  if (as_json) {
    std::cout << json::serialize(shown) << "\n";
    return;
  }
  for (const auto& [name, value] : shown)
    std::cout << std::string(name) << ": "
              << (value.is_string() ? std::string(value.get_string()) : json::serialize(value)) << "\n";
}

Task<int> create(Installation& installation, CommandLine command_line) {
  const Instant now = installation.clock.now();
  const zitadel::ServiceUserOrder order = order_of(command_line);
  std::optional<zitadel::MadeKey> key;
  if (order.with_key) key = zitadel::make_service_key();
  const TenantId tenant(command_line.tenant);
  const auto made = co_await installation.db->write(
      [&](db::Transaction& tx) -> std::expected<zitadel::NewServiceUser, std::string> {
        if (!store::TenantStore(tx).find(tenant))
          return std::unexpected("there is no tenant " + tenant.str() + " yet: start the server once, or make it");
        return zitadel::make_service_user(tx, tenant, order, key, installation.random, now);
      });
  if (!made) {
    std::cerr << "symbolon: " << made.error() << "\n";
    co_return 2;
  }
  print(*made, command_line.json);
  co_return 0;
}

}  // namespace

int create_service_user(const Config& config, const CommandLine& command_line) {
  Installation installation(config);
  return net::run_here(create(installation, command_line));
}

}  // namespace symbolon::app
