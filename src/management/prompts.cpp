#include "management/prompts.h"

#include "management/audit.h"
#include "management/etag.h"
#include "management/tenant_document.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;
using store::TextKind;

constexpr std::string_view kSection = "prompts";

http::Response answer(const model::Tenant& tenant) {
  json::object shown{{"universal_login_experience", "new"},
                     {"identifier_first", false},
                     {"webauthn_platform_first_factor", false}};
  merge_members(shown, tenant_section(tenant, kSection));
  http::Response response = json_answer(200, shown);
  set_etag(response, tenant.version);
  return response;
}

}  // namespace

void Prompts::register_on(Api& api) {
  api.on("prompts_get", [this](Call call) { return get(std::move(call)); });
  api.on("prompts_update", [this](Call call) { return update(std::move(call)); });
  api.on("prompt_texts_get", [this](Call call) { return get_text(std::move(call), TextKind::prompt); });
  api.on("prompt_texts_put", [this](Call call) { return put_text(std::move(call), TextKind::prompt); });
  api.on("prompt_partials_get", [this](Call call) { return get_text(std::move(call), TextKind::prompt_partial); });
  api.on("prompt_partials_put", [this](Call call) { return put_text(std::move(call), TextKind::prompt_partial); });
}

Task<Answer> Prompts::get(Call call) {
  const model::Tenant tenant = co_await read_tenant(services_, call);
  co_return answer(tenant);
}

Task<Answer> Prompts::update(Call call) {
  TenantChange change = [&call](json::object& document) -> std::optional<Problem> {
    json::value& prompts = document[kSection];
    if (!prompts.is_object()) prompts = json::object();
    merge_members(prompts.get_object(), call.object());
    return std::nullopt;
  };
  const auto changed = co_await change_tenant(services_, call, "Update prompt settings", std::move(change));
  if (!changed) co_return std::unexpected(changed.error());
  co_return answer(*changed);
}

Task<Answer> Prompts::get_text(Call call, TextKind kind) {
  const auto doc = co_await services_.db.read([&](db::Transaction& tx) {
    return store::CustomTextStore(tx, call.tenant).find(kind, call.path("prompt"), call.path("language"));
  });
  co_return json_answer(200, doc ? json::parse(*doc) : json::object());
}

Task<Answer> Prompts::put_text(Call call, TextKind kind) {
  const Instant now = services_.clock.now();
  const std::string prompt = call.path("prompt"), language = call.path("language");
  co_await services_.db.write([&](db::Transaction& tx) {
    store::CustomTextStore(tx, call.tenant).put(kind, prompt, language, json::serialize(call.body), now);
    log_write(tx, call, "Set the texts of a prompt", {prompt}, now);
  });
  co_return json_answer(200, call.body);
}

}  // namespace symbolon::management
