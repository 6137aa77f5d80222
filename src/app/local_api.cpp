#include "app/local_api.h"

#include <stdexcept>

#include "app/egress_policy.h"
#include "http/form.h"
#include "http/url.h"
#include "management/scopes.h"
#include "store/tenant_store.h"

namespace symbolon::app {
namespace {

namespace json = boost::json;

// Calls by token do not come here.
class Nobody final : public management::TokenVerifier {
 public:
  Task<std::expected<management::Caller, management::Problem>> verify(http::Site, std::string) override {
    co_return std::unexpected(management::Problem{401, {}, "Invalid token"});
  }
};

management::Caller operator_of_this_machine() {
  return {.client = {}, .subject = "command line", .scopes = management::scope_catalogue()};
}

}  // namespace

std::string LocalReply::message() const {
  const auto* object = body.if_object();
  const auto* text = object ? object->if_contains("message") : nullptr;
  return text && text->is_string() ? std::string(text->get_string()) : "status " + std::to_string(status);
}

LocalApi::LocalApi(Installation& installation, const Config& config, http::Site site)
    : site_(std::move(site)),
      workers_(1),
      discoverer_(outbound_),
      services_{*installation.db,  *installation.box, installation.clock,    installation.random,
                workers_,          discoverer_,       egress_policy(config), config.insecure_upstreams},
      nobody_(std::make_unique<Nobody>()),
      api_(contract_, *nobody_, installation.clock),
      clients_(services_),
      connections_(services_),
      settings_(services_) {
  clients_.register_on(api_);
  connections_.register_on(api_);
  settings_.register_on(api_);
}

std::optional<std::string> LocalApi::find_mistake(std::string_view operation, const json::object& body) const {
  for (const management::ContractOperation& known : contract_.operations())
    if (known.id == operation)
      if (auto error = contract_.validator().check(body, *known.body_schema)) return management::payload_message(*error);
  return std::nullopt;
}

Task<LocalReply> LocalApi::call(LocalCall call) {
  http::Request request;
  request.method = call.body.is_null() ? http::Method::get : http::Method::patch;
  request.path = "/api/v2/" + call.operation;
  request.query = std::move(call.query);
  if (!call.id.empty()) request.parameters["id"] = call.id;
  if (!call.body.is_null()) request.body = json::serialize(call.body);
  if (!call.if_match.empty()) request.headers.set("If-Match", call.if_match);
  request.headers.set("User-Agent", "symbolon command line");
  request.site = std::make_shared<const http::Site>(site_);

  const http::Response response =
      co_await api_.call(std::move(call.operation), std::move(request), operator_of_this_machine());
  LocalReply reply{.status = response.status, .body = {}, .etag = std::string(response.headers.get("ETag"))};
  if (!response.body.empty()) reply.body = json::parse(response.body);
  co_return reply;
}

Task<json::array> LocalApi::list(std::string operation, std::string plural) {
  json::array all;
  std::string cursor;
  do {
    std::vector<std::pair<std::string, std::string>> query{{"take", "100"}};
    if (!cursor.empty()) query.emplace_back("from", cursor);
    LocalCall next;
    next.operation = operation;
    next.query = http::encode_form(query);
    LocalReply reply = co_await call(std::move(next));
    if (!reply.is_good()) throw std::runtime_error(reply.message());
    json::object& page = reply.body.as_object();
    for (json::value& item : page.at(plural).as_array()) all.push_back(std::move(item));
    const auto* more = page.if_contains("next");
    cursor = more ? std::string(more->as_string()) : std::string();
  } while (!cursor.empty());
  co_return all;
}

Task<http::Site> canonical_site(db::Database& db, TenantId tenant) {
  const auto domains =
      co_await db.read([&](db::Transaction& tx) { return store::TenantStore(tx).list_domains(tenant); });
  for (const store::Domain& domain : domains) {
    if (!domain.is_canonical) continue;
    const auto url = http::parse_url(domain.base_url);
    co_return http::Site{tenant, domain.base_url, url ? url->authority() : std::string(), !url || url->is_https()};
  }
  throw std::runtime_error("there is no tenant " + tenant.str() + "; `symbolon tenant list` names them");
}

}  // namespace symbolon::app
