#include "management/branding.h"

#include "management/etag.h"
#include "management/tenant_document.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

constexpr std::string_view kSection = "branding";

http::Response answer(const model::Tenant& tenant) {
  http::Response response = json_answer(200, tenant_section(tenant, kSection));
  set_etag(response, tenant.version);
  return response;
}

// Colours are changed one by one; other members as a whole.
void merge(json::object& branding, const json::object& sent) {
  json::object colors;
  if (const auto* stored = branding.if_contains("colors"); stored && stored->is_object()) colors = stored->get_object();
  merge_members(branding, sent);
  const auto* changed = sent.if_contains("colors");
  if (!changed || !changed->is_object()) return;
  merge_members(colors, changed->get_object());
  branding["colors"] = std::move(colors);
}

}  // namespace

void Branding::register_on(Api& api) {
  api.on("branding_get", [this](Call call) { return get(std::move(call)); });
  api.on("branding_update", [this](Call call) { return update(std::move(call)); });
}

Task<Answer> Branding::get(Call call) {
  const model::Tenant tenant = co_await read_tenant(services_, call);
  co_return answer(tenant);
}

Task<Answer> Branding::update(Call call) {
  TenantChange change = [&call](json::object& document) -> std::optional<Problem> {
    json::value& branding = document[kSection];
    if (!branding.is_object()) branding = json::object();
    merge(branding.get_object(), call.object());
    return std::nullopt;
  };
  const auto changed = co_await change_tenant(services_, call, "Update branding", std::move(change));
  if (!changed) co_return std::unexpected(changed.error());
  co_return answer(*changed);
}

}  // namespace symbolon::management
