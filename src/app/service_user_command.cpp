#include <boost/json.hpp>
#include <iostream>

#include "app/commands.h"
#include "app/installation.h"
#include "net/run_here.h"
#include "store/organisation_store.h"
#include "store/service_user_store.h"
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
  if (!order.with_key && !order.with_token && !order.with_secret)
    std::cerr << "symbolon: this service user has nothing to sign in with; --pat, --key or --secret would have made it. "
                 "Delete it and make it again\n";
  co_return 0;
}

json::array roles_of(db::Transaction& tx, const TenantId& tenant, const model::ServiceUserId& user) {
  json::array roles;
  for (const model::Membership& membership : store::OrganisationStore(tx, tenant).memberships_of(user.str()))
    for (const std::string& role : membership.roles) roles.emplace_back(role);
  return roles;
}

Task<int> list(Installation& installation, CommandLine command_line) {
  const TenantId tenant(command_line.tenant);
  json::array shown;
  co_await installation.db->read([&](db::Transaction& tx) {
    shown.clear();
    for (const model::ServiceUser& user : store::ServiceUserStore(tx, tenant).list())
      shown.push_back(json::object{{"user_id", user.id.str()},
                                   {"username", user.username},
                                   {"name", user.name},
                                   {"roles", roles_of(tx, tenant, user.id)}});
  });
  if (command_line.json) {
    std::cout << json::serialize(shown) << "\n";
    co_return 0;
  }
  for (const json::value& user : shown) {
    std::cout << std::string(user.at("username").get_string()) << " " << std::string(user.at("user_id").get_string());
    for (const json::value& role : user.at("roles").get_array()) std::cout << " " << std::string(role.get_string());
    std::cout << "\n";
  }
  co_return 0;
}

Task<int> remove(Installation& installation, CommandLine command_line) {
  const TenantId tenant(command_line.tenant);
  const std::string username = command_line.service_user_username;
  const bool removed = co_await installation.db->write([&](db::Transaction& tx) {
    store::ServiceUserStore users(tx, tenant);
    const auto user = users.find_by_username(username);
    return user && users.remove(user->id);
  });
  if (!removed) {
    std::cerr << "symbolon: there is no service user " << username << " in the tenant " << tenant.str() << "\n";
    co_return 2;
  }
  if (command_line.json)
    std::cout << json::serialize(json::object{{"username", username}, {"deleted", true}}) << "\n";
  else
    std::cout << "deleted: " << username << "\n";
  co_return 0;
}

}  // namespace

int manage_service_users(const Config& config, const CommandLine& command_line) {
  Installation installation(config);
  using Command = CommandLine::Command;
  if (command_line.command == Command::service_user_list) return net::run_here(list(installation, command_line));
  if (command_line.command == Command::service_user_delete) return net::run_here(remove(installation, command_line));
  return net::run_here(create(installation, command_line));
}

}  // namespace symbolon::app
