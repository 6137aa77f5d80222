#include <algorithm>
#include <charconv>
#include <iostream>
#include <thread>

#include "app/background.h"
#include "app/bootstrap.h"
#include "app/commands.h"
#include "app/dev_tls.h"
#include "app/dispatcher.h"
#include "app/egress_policy.h"
#include "app/endpoints.h"
#include "app/installation.h"
#include "app/plain_error.h"
#include "app/private_file.h"
#include "app/routes.h"
#include "app/sites.h"
#include "base/log.h"
#include "http/url.h"
#include "management/clear_headers.h"
#include "net/curl_client.h"
#include "net/dns_lookup.h"
#include "net/run_here.h"
#include "net/server.h"
#include "net/stop_signal.h"
#include "net/worker_pool.h"
#include "store/tenant_store.h"

namespace symbolon::app {
namespace {

log::Level level_of(const std::string& name) {
  if (name == "debug") return log::Level::debug;
  if (name == "warning") return log::Level::warning;
  if (name == "error") return log::Level::error;
  return log::Level::info;
}

unsigned thread_count(const Config& config) {
  if (config.threads > 0) return static_cast<unsigned>(config.threads);
  return std::max(1U, std::thread::hardware_concurrency());
}

net::Listener listener_of(const Config& config, Installation& installation) {
  const auto listen = http::parse_url("http://" + config.listen + "/");
  net::Listener listener;
  listener.address = listen->host == "localhost" ? "127.0.0.1" : listen->host;
  if (listener.address.starts_with('[')) listener.address = listener.address.substr(1, listener.address.size() - 2);
  std::from_chars(listen->port.data(), listen->port.data() + listen->port.size(), listener.port);
  if (!config.tls_cert.empty())
    listener.tls = std::make_shared<const net::TlsIdentity>(net::read_tls_identity(config.tls_cert, config.tls_key));
  else if (config.dev && config.public_url_is_https())
    listener.tls = std::make_shared<const net::TlsIdentity>(development_identity(
        config.data_dir, http::parse_url(config.public_url)->host, installation.clock, installation.random));
  return listener;
}

// Only the APIs take documents; protocol endpoints take forms (login-runtime OP-20c).
std::size_t body_limit(std::string_view path) {
  const auto is_below = [&](std::string_view base) { return path.starts_with(base); };
  if (is_below("/api/") || is_below("/admin/") || is_below("/management/")) return 1 << 20;
  const auto is_this = [&](model::CallbackPath callback) { return path == to_string(callback); };
  const bool is_callback = std::ranges::any_of(model::kCallbackPaths, is_this) ||
                           is_below(model::callback_path(model::CallbackPath::of_connection, ""));
  return is_callback ? 256 << 10 : 64 << 10;
}

net::ServerOptions server_options(const Config& config, Installation& installation) {
  net::ServerOptions options;
  options.listeners = {listener_of(config, installation)};
  options.threads = thread_count(config);
  options.limits.connections = static_cast<std::size_t>(config.max_connections);
  options.body_limit = [](http::Method, std::string_view path) { return body_limit(path); };
  options.error_answer = [](const net::Unanswered& what) {
    const bool ours = what.status >= 500 && what.status != 501;
    return render(PlainError{.status = what.status,
                             .path = what.path,
                             .code = ours ? "server_error" : "invalid_request",
                             .description = what.description,
                             .request_id = ours ? what.request_id : std::string_view()});
  };
  for (const std::string& network : config.trusted_proxies)
    options.trusted_proxies.push_back(*http::parse_network(network));
  return options;
}

RateLimit::Rates rates_of(int per_second) {
  return {.per_second = static_cast<double>(per_second), .burst = 2 * std::int64_t{per_second}};
}

// New tenants get their keys now, so that nobody's first sign-in waits for two RSA keys.
Task<void> prepare_keys(db::Database& db, oidc::SigningKeys& keys) {
  const auto tenants = co_await db.read([](db::Transaction& tx) { return store::TenantStore(tx).list(); });
  for (const model::Tenant& tenant : tenants) co_await keys.get(tenant.id);
}

}  // namespace

int serve(const Config& config) {
  net::StopSignal stop_signal;
  log::configure(level_of(config.log_level), config.log_format == "json" ? log::Format::json : log::Format::readable);
  Installation installation(config);
  net::run_here(ensure_default_tenant(*installation.db, config.public_url, installation.random,
                                      installation.clock.now()));
  net::run_here(management::seal_clear_headers(*installation.db, *installation.box));

  net::WorkerPool workers(thread_count(config));
  net::CurlClient outbound;
  net::DnsLookup txt_lookup(config.dns_server);
  Endpoints endpoints({.db = *installation.db,
                       .box = *installation.box,
                       .clock = installation.clock,
                       .random = installation.random,
                       .workers = workers,
                       .outbound = outbound,
                       .txt_lookup = txt_lookup,
                       .egress = egress_policy(config),
                       .insecure_upstreams_allowed = config.insecure_upstreams,
                       .management_rates = {.tenant = rates_of(config.management_rate),
                                            .client = rates_of(config.management_client_rate)}});
  Sites sites(*installation.db, installation.clock);
  net::run_here(sites.reload());
  Dispatcher dispatcher(*installation.db, sites, make_routes(endpoints), endpoints.api);
  management::MetadataRefresh metadata_refresh(endpoints.management_services);
  net::Server server(
      server_options(config, installation),
      [&dispatcher](http::Request request) { return dispatcher.dispatch(std::move(request)); }, installation.clock,
      installation.random);
  server.start();
  server.spawn(sweep_for_ever(*installation.db, *installation.box, installation.clock,
                              std::chrono::days(config.log_retention_days)));
  server.spawn(refresh_metadata_for_ever(metadata_refresh));
  server.spawn(deliver_logouts_for_ever(endpoints.logout_delivery,
                                        [&server](Task<void> task) { server.spawn(std::move(task)); }));
  server.spawn(prepare_keys(*installation.db, endpoints.signing_keys));
  log::info("listening", {{"address", config.listen}, {"public_url", config.public_url}, {"dev", config.dev}});

  const int signal = stop_signal.wait();
  log::info("stopping", {{"signal", signal}});
  server.stop();
  log::info("stopped");
  return 0;
}

}  // namespace symbolon::app
