#include "login/initiate_endpoint.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "http/counted_address.h"
#include "http/rate_limit_headers.h"
#include "http/url.h"
#include "login/admission.h"
#include "login/ended.h"
#include "login/error_answer.h"
#include "login/page_frame.h"
#include "pages/refusal_texts.h"
#include "store/client_origin.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/tenant_store.h"

namespace symbolon::login {
namespace {

using pages::RefusalText;

constexpr std::size_t kMaxIssuer = 2048, kMaxTarget = 2048, kMaxLoginHint = 255;
constexpr std::int64_t kMaxSteps = 1'000'000;  // some ten thousand connections and more, a fraction of a second

std::optional<http::Url> read_target(const std::string& text) {
  auto url = text.size() > kMaxTarget ? std::nullopt : http::parse_url(text);
  const bool usable = url && (url->is_https() || (url->is_http() && url->is_loopback()));
  return usable ? std::move(url) : std::nullopt;
}

bool belongs_to(const http::Url& target, const model::Client& client) {
  const std::string origin = target.origin();
  return std::ranges::any_of(store::registered_origins(client), [&](const store::RegisteredOrigin& registered) {
    return store::matches_origin(registered.pattern, origin);
  });
}

bool may_use_any(db::Transaction& tx, const TenantId& tenant, const model::Client& client,
                 const std::vector<model::Connection>& connections) {
  store::ConnectionStore store(tx, tenant);
  return std::ranges::any_of(connections, [&](const model::Connection& connection) {
    const auto found = store.find_for_client(connection.id, client.id);
    return found && is_eligible(*found, client);
  });
}

// Every application that could be meant; more than one is none.
std::vector<model::Client> candidates(db::Transaction& tx, const TenantId& tenant, const http::Form& form,
                                      const std::optional<http::Url>& target) {
  store::ClientStore clients(tx, tenant);
  if (form.has("client_id")) {
    auto named = clients.find(ClientId(form.get("client_id")));
    return named ? std::vector<model::Client>{std::move(*named)} : std::vector<model::Client>();
  }
  return target ? clients.list_with_origin(target->origin()) : std::vector<model::Client>();
}

}  // namespace

struct InitiateEndpoint::Found {
  model::Tenant tenant;
  std::optional<model::Client> client;
  std::string target;  ///< registered with the client
  std::string_view refused = "no_application";  ///< for the log; without a client
  std::optional<RateVerdict> exhausted;         ///< no more searches for this tenant now
};

// Only who names an application that could be started costs a search, and learns anything about a provider.
Task<InitiateEndpoint::Found> InitiateEndpoint::look_up(http::Site site, http::Form form) {
  const std::string issuer = form.get("iss");
  const auto target = read_target(form.get("target_link_uri"));
  Found found;
  std::vector<model::Client> clients;
  co_await services_.db.read([&](db::Transaction& tx) {
    found.tenant = store::TenantStore(tx).find(site.tenant).value_or(model::Tenant{.id = site.tenant});
    clients = candidates(tx, site.tenant, form, target);
    std::erase_if(clients,
                  [&](const model::Client& client) { return sign_in_start(found.tenant, &client).empty(); });
  });
  if (clients.empty() || issuer.empty() || issuer.size() > kMaxIssuer) co_return found;
  if (const RateVerdict searches = searches_.take(site.tenant.str(), services_.clock.now()); !searches.allowed) {
    found.exhausted = searches;
    co_return found;
  }
  db::StepBudget budget(kMaxSteps);
  std::vector<model::Connection> connections;
  try {
    connections = co_await services_.db.search(
        budget, [&](db::Transaction& tx) { return store::ConnectionStore(tx, site.tenant).list_with_issuer(issuer); });
  } catch (const db::BudgetExceeded&) {
    found.refused = "too_many_connections";
    co_return found;
  }
  std::erase_if(connections, [](const model::Connection& one) { return !one.authentication_active; });
  found.refused = connections.empty() ? "unknown_issuer" : "not_for_the_application";
  co_await services_.db.read([&](db::Transaction& tx) {
    std::erase_if(clients,
                  [&](const model::Client& client) { return !may_use_any(tx, site.tenant, client, connections); });
  });
  if (clients.size() != 1) co_return found;
  found.client = std::move(clients.front());
  if (target && belongs_to(*target, *found.client)) found.target = form.get("target_link_uri");
  co_return found;
}

Task<http::Response> InitiateEndpoint::handle(http::Request http) {
  const bool posted = http.method == http::Method::post;
  const http::Form form = http::Form::parse(posted ? http.body : http.query).value_or(http::Form());
  RateVerdict visits = visits_.take(http::counted_address(http.client_address), services_.clock.now());
  Found found;
  if (visits.allowed)
    found = co_await look_up(*http.site, form);
  else
    found.tenant = co_await services_.db.read([&](db::Transaction& tx) {
      return store::TenantStore(tx).find(http.site->tenant).value_or(model::Tenant{.id = http.site->tenant});
    });
  if (found.exhausted) visits = *found.exhausted;

  if (found.client) {
    const std::string start = sign_in_start(found.tenant, &*found.client);
    std::vector<std::pair<std::string, std::string>> told{{"iss", http.site->issuer()}};
    const std::string hint = form.get("login_hint");
    if (!hint.empty() && count_code_points(hint).value_or(kMaxLoginHint + 1) <= kMaxLoginHint)
      told.emplace_back("login_hint", hint);
    if (!found.target.empty()) told.emplace_back("target_link_uri", found.target);
    http::Response response = posted ? http::redirect_after_post(http::with_query(start, told))
                                     : http::redirect_after_get(http::with_query(start, told));
    http::forbid_caching(response);
    co_return response;
  }

  // One answer, whatever the reason: which providers a tenant has is not for everybody.
  const pages::Frame frame = frame_for(found.tenant, http, form.get("ui_locales"));
  pages::ErrorPage page;
  page.status = visits.allowed ? 400 : 429;
  page.error = visits.allowed ? "invalid_request" : "too_many_requests";
  page.description =
      pages::text(frame.language, visits.allowed ? RefusalText::issuer_unknown : RefusalText::too_often);
  log::info("initiation_refused", {{"request_id", http.id},
                                   {"tenant", http.site->tenant.str()},
                                   {"issuer", printable(form.get("iss"), 256)},
                                   {"error", page.error},
                                   {"reason", visits.allowed ? std::string(found.refused) : page.error}});
  http::Response response = show_error(http, found.tenant, form.get("ui_locales"), page);
  if (!visits.allowed) http::set_rate_limit_headers(response, visits);
  co_return response;
}

}  // namespace symbolon::login
