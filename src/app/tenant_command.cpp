#include <boost/json.hpp>
#include <iostream>

#include "app/bootstrap.h"
#include "app/commands.h"
#include "app/installation.h"
#include "http/url.h"
#include "net/run_here.h"
#include "store/tenant_store.h"

namespace symbolon::app {
namespace {

namespace json = boost::json;

const TenantId kDefaultTenant("default");

// Scheme and port of a bare host name are those that the server answers on.
std::optional<std::string> base_url_of(const std::string& domain, const std::string& server_url) {
  const auto server = http::parse_url(server_url);
  const bool whole = domain.contains("://");
  auto url = http::parse_url(whole ? domain : (server ? server->scheme : "https") + "://" + domain);
  if (!url || url->host.empty() || !(url->path.empty() || url->path == "/") || url->query || url->fragment)
    return std::nullopt;
  // http carries sessions and codes in the clear; only this machine itself may be reached that way.
  const bool local = url->is_loopback() || url->host.ends_with(".localhost");
  if (!url->is_https() && !(url->is_http() && local)) return std::nullopt;
  if (!whole && url->port.empty() && server) url->port = server->port;
  return url->origin();
}

Task<std::string> server_url(db::Database& db) {
  co_return co_await db.read([](db::Transaction& tx) -> std::string {
    for (const store::Domain& domain : store::TenantStore(tx).list_domains(kDefaultTenant))
      if (domain.is_canonical) return domain.base_url;
    return {};
  });
}

int complain(const std::string& sentence) {
  std::cerr << "symbolon: " << sentence << "\n";
  return 2;
}

Task<int> create(Installation& installation, std::string configured_url, CommandLine command_line) {
  const Instant now = installation.clock.now();
  std::string server = co_await server_url(*installation.db);
  if (server.empty()) {
    co_await ensure_default_tenant(*installation.db, configured_url, installation.random, now);
    server = configured_url;
  }
  std::vector<std::string> base_urls;
  for (const std::string& domain : command_line.tenant_domains) {
    const auto base_url = base_url_of(domain, server);
    if (!base_url)
      co_return complain("--domain " + domain + ": not a host name, and not https (http is for localhost only)");
    base_urls.push_back(*base_url);
  }
  const std::string issuer = base_urls.front() + "/";
  const auto made = co_await create_tenant(*installation.db, TenantId(command_line.tenant), std::move(base_urls),
                                           installation.random, now);
  if (!made) co_return complain(made.error());
  if (command_line.json)
    std::cout << json::serialize(json::object{{"name", command_line.tenant}, {"issuer", issuer}}) << "\n";
  else
    std::cout << "name: " << command_line.tenant << "\nissuer: " << issuer << "\n";
  co_return 0;
}

Task<int> list(Installation& installation, bool as_json) {
  json::array shown;
  co_await installation.db->read([&](db::Transaction& tx) {
    shown.clear();
    store::TenantStore tenants(tx);
    for (const model::Tenant& tenant : tenants.list()) {
      json::array urls;
      std::string issuer;
      for (const store::Domain& domain : tenants.list_domains(tenant.id)) {
        if (domain.is_canonical) issuer = domain.base_url + "/";
        if (domain.is_canonical || domain.verified_at) urls.emplace_back(domain.base_url);
      }
      shown.push_back(json::object{{"name", tenant.id.str()}, {"issuer", issuer}, {"urls", std::move(urls)}});
    }
  });
  if (as_json) {
    std::cout << json::serialize(shown) << "\n";
    co_return 0;
  }
  for (const json::value& tenant : shown) {
    std::cout << std::string(tenant.at("name").get_string());
    for (const json::value& url : tenant.at("urls").get_array()) std::cout << " " << std::string(url.get_string());
    std::cout << "\n";
  }
  co_return 0;
}

Task<int> remove(Installation& installation, CommandLine command_line) {
  const TenantId tenant(command_line.tenant);
  if (tenant == kDefaultTenant) co_return complain("the tenant default answers on the public URL and stays");
  const bool removed =
      co_await installation.db->write([&](db::Transaction& tx) { return store::TenantStore(tx).remove(tenant); });
  if (!removed) co_return complain("there is no tenant " + tenant.str());
  if (command_line.json)
    std::cout << json::serialize(json::object{{"name", tenant.str()}, {"deleted", true}}) << "\n";
  else
    std::cout << "deleted: " << tenant.str() << "\n";
  co_return 0;
}

}  // namespace

int manage_tenants(const Config& config, const CommandLine& command_line) {
  Installation installation(config);
  if (command_line.command == CommandLine::Command::tenant_create)
    return net::run_here(create(installation, config.public_url, command_line));
  if (command_line.command == CommandLine::Command::tenant_delete)
    return net::run_here(remove(installation, command_line));
  return net::run_here(list(installation, command_line.json));
}

}  // namespace symbolon::app
